# The parts of a manual page that a program says itself, as mdoc(7), from its --experimental-dump-help.
# Usage: PROGRAM --experimental-dump-help | jq --raw-output --arg part synopsis|options|commands --from-file manual.jq

# Text in which roff sees no request and no escape, a sentence a line; `words` are set apart.
def text:
    gsub("(?<end>[a-z0-9][.]) (?<next>[A-Z])"; "\(.end)\n\(.next)")
    | gsub("\\\\"; "\\e") | gsub("`(?<word>[^`]*)`"; "\\(lq\(.word)\\(rq") | gsub("(?m)^(?<mark>[.'])"; "\\&\(.mark)");
def paragraphs: split("\n\n") | map(split("\n") | map(text) | join("\n")) | join("\n.Pp\n");
# A word of the command line: hyphens that can be copied.
def word: gsub("\\\\"; "\\e") | gsub("-"; "\\-");

def flag: if .kind == "long" then "\\-" + (.name | word) else .name | word end;
def flags: [.names[] | flag];
def value: if .kind == "flag" then "" else " Ar " + (.valueName | word) end;
def term:
    if .kind == "positional" then "Ar \(.valueName | word)"
    else . as $it | [flags[] | "Fl \(.)" + ($it | value)] | join(" , ") end;
# As it stands in a synopsis: brackets where it may be left out, dots where it may be repeated.
def use:
    (if .kind == "positional" then "Ar \(.valueName | word)" else "Fl \(flags[-1])" + value end)
    + (if .isRepeating then " ..." else "" end);
def uses: if .isOptional then ".Op " + use else "." + use end;

def shown: select(.shouldDisplay != false);
# Every command has these; the page's own OPTIONS say them once.
def everywhere: ["help", "version"];
def own($known): [(.arguments // [])[] | shown | select(.kind == "positional" or (([.names[].name] - $known) != []))];

def item:
    ".It " + term + "\n" + ((.abstract // "") | text)
    + (if .discussion then "\n.Pp\n" + (.discussion | paragraphs) else "" end)
    + (if .defaultValue then "\nDefault: \(.defaultValue | word)." else "" end);
def list: if length == 0 then "" else ".Bl -tag -width Ds\n" + (map(item) | join("\n")) + "\n.El\n" end;

def name: ((.superCommands // []) + [.commandName]) | join(" ");
# The name below the program: `places show`.
def below: ((.superCommands // [])[1:] + [.commandName]) | map(word) | join(" ");

def command($known):
    own($known) as $own
    | ".Ss \(below)\n\((.abstract // "") | text)\n"
    + (if .discussion then ".Pp\n\(.discussion | paragraphs)\n" else "" end)
    + (if .subcommands then "" else ".Pp\n.Nm Cm \(below)\n" + ($own | map(uses + "\n") | join("")) end)
    + ($own | list);

.command as $root
| ([$root.arguments[] | shown | (.names // [])[].name]) as $global
| if $part == "synopsis" then
    ".Nm\n"
    + ($root | own(everywhere + ["h"]) | map(uses + "\n") | join(""))
    + (if ([$root.subcommands[]? | select(.commandName != "help")] != []) then ".Ar command\n.Op Ar argument ...\n" else "" end)
  elif $part == "options" then
    ($root | own([]) | list)
  elif $part == "commands" then
    [$root.subcommands[] | recurse(.subcommands[]?) | shown | select(.commandName != "help")
     | command($global)] | join("")
  else error("no such part: \($part)") end
| rtrimstr("\n")
