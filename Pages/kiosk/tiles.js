// The eight tiles of the home view. Which types stand behind a tile is not written here: each tile names words that
// people say, and a type whose own search words or name hold one belongs to it. So a new module or TOML file with the
// search word 吃饭 stands under 吃饭 without a change of this page.

/** The tiles in their order; `words` as people say them. */
export const TILES = [
  { id: 'eat', words: ['吃饭', '食堂', '餐馆', '吃早饭'] },
  { id: 'buy', words: ['买菜', '买水果', '蔬菜', '超市', '买水'] },
  { id: 'doctor', words: ['看病', '买药', '打针'] },
  { id: 'elder', words: ['养老', '护理', '助老点'] },
  { id: 'child', words: ['带孩子', '看孩子', '写作业', '补习', '亲子课堂'] },
  { id: 'read', words: ['看书', '借书', '读书'] },
  { id: 'mend', words: ['修补', '修鞋', '洗衣服', '改衣服'] },
];

/** The types behind a tile, in the catalogue's order: only those that the daemon has. */
export function typesOf(tile, types) {
  const wanted = new Set(tile.words);
  return types.filter((type) => (type.search_words ?? []).some((word) => wanted.has(word))
    || wanted.has(type.names?.zh));
}

/** A type's name without what stands in brackets behind it: 社区食堂 of 社区食堂(老年助餐点). */
export function shortName(name) {
  return name.replace(/\s*[(（][^)）]*[)）]\s*$/u, '') || name;
}
