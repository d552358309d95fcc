/* The ABI stamp of a service-type module.
 *
 * A module built by another toolchain, or against another epoch of the kit, must never be opened: its code
 * would crash inside the daemon. So each module carries this text in an ELF section of its own, which the
 * daemon reads from the file before dlopen. __clang_version__ is that of the importing swiftc's own clang and
 * names the commit of its LLVM: it identifies the toolchain build.
 *
 * QUARTER_KIT_EPOCH  raised when the kit changes so that older modules cannot run.
 * QUARTER_KIT_MINOR  raised when the kit grows; a module must not be newer than the daemon's kit.
 * QUARTER_KIT_INTERFACE  what the kit's public interface amounts to (Scripts/kit-interface.sh; a check holds it):
 *                    two kits of one version with different interfaces, as between two commits, do not meet.
 */
#ifndef QUARTER_ABI_H
#define QUARTER_ABI_H

#define QUARTER_KIT_EPOCH 2
#define QUARTER_KIT_MINOR 3
#define QUARTER_KIT_INTERFACE 74086adc889c861a

#define QUARTER_ABI_TEXT_(x) #x
#define QUARTER_ABI_TEXT(x) QUARTER_ABI_TEXT_(x)

/* The stamp: "quarter-abi epoch=2 minor=0 interface=0123456789abcdef compiler=21.0.0 (…)". Must be called somewhere to be emitted. */
static inline const char *quarter_abi_stamp(void) {
    static const char stamp[] __attribute__((section("quarter_abi"), used)) =
        "quarter-abi epoch=" QUARTER_ABI_TEXT(QUARTER_KIT_EPOCH)
        " minor=" QUARTER_ABI_TEXT(QUARTER_KIT_MINOR)
        " interface=" QUARTER_ABI_TEXT(QUARTER_KIT_INTERFACE) " compiler=" __clang_version__;
    return stamp;
}

#endif
