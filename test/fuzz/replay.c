/* Runs a fuzz target over files that are given, where there is no libFuzzer: each input in memory of exactly its
 * size, so that the address sanitizer sees a read past its end. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END)) return perror(path), 1;
    long size = ftell(file);
    uint8_t *data = size < 0 ? NULL : malloc(size ? (size_t)size : 1);
    rewind(file);
    if (!data || fread(data, 1, (size_t)size, file) != (size_t)size) return perror(path), 1;
    fclose(file);
    fprintf(stderr, "%s\n", path); /* the last one named is the one that fails */
    LLVMFuzzerTestOneInput(data, (size_t)size);
    free(data);
    return 0;
}

int main(int argc, char **argv) {
    int status = 0;
    for (int i = 1; i < argc; i++) status |= replay(argv[i]);
    return status;
}
