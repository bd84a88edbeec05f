#ifndef CFUZZER_H
#define CFUZZER_H

#include <stddef.h>
#include <stdint.h>

// libFuzzer's driver (llvm-project/compiler-rt/lib/fuzzer), called from Swift since an executable
// target of SwiftPM cannot leave out its main.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*one)(const uint8_t *data, size_t size));

#endif
