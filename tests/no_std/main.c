/* Links the library and asks it: each argument is a file; prints what v8wire_check says. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

extern int64_t v8wire_check(const uint8_t *data, size_t length);

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        static uint8_t data[1 << 20];
        FILE *file = fopen(argv[i], "rb");
        if (!file) return 1;
        size_t length = fread(data, 1, sizeof data, file);
        fclose(file);
        printf("%lld\n", (long long)v8wire_check(data, length));
    }
    return 0;
}
