#ifndef INTERPHASE_CLONES_H
#define INTERPHASE_CLONES_H

/* One function for each instruction set, chosen when the program starts. */
#if defined(__x86_64__) && defined(__linux__) && defined(__has_attribute)
#if __has_attribute(target_clones)
#define CK_CLONES __attribute__((target_clones("avx512f", "avx2", "default")))
#endif
#endif
#ifndef CK_CLONES
#define CK_CLONES
#endif

#endif
