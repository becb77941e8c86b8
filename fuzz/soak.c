// Runs a fuzz target without libFuzzer: no instrumentation and no bookkeeping, so several times as often a second.
// It changes the inputs that coverage-guided fuzzing has found, by the target's own mutator, and learns nothing.
// Linked in the place of libFuzzer, see soak.sh.
//
//     SECONDS SEED LONGEST ARTIFACT-PREFIX CORPUS
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
__attribute__((weak)) int LLVMFuzzerInitialize(int *argc, char ***argv);
__attribute__((weak)) size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);
__attribute__((weak)) size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t one_size, const uint8_t *other,
                                                       size_t other_size, uint8_t *out, size_t max, unsigned seed);

struct bytes {
    uint8_t *data;
    size_t size;
};

static struct bytes *corpus;
static size_t count;
static uint64_t state;
static uint8_t *input;
static size_t input_size;
static unsigned long long runs;
static const char *prefix;

// Splitmix64.
static uint64_t next(void) {
    uint64_t z = (state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static size_t below(size_t limit) { return limit ? next() % limit : 0; }

// What targets call for the changes that know nothing of the format.
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max) {
    size_t at = below(size);
    switch (size ? below(6) : 3) {
    case 0:
        data[at] ^= 1u << below(8);
        return size;
    case 1:
        data[at] = (uint8_t)next();
        return size;
    case 2: { // erase
        size_t length = 1 + below(size - at < 8 ? size - at : 8);
        length = length > size - at ? size - at : length;
        memmove(data + at, data + at + length, size - at - length);
        return size - length;
    }
    case 3: // insert
        if (size >= max) return size;
        at = below(size + 1);
        memmove(data + at + 1, data + at, size - at);
        data[at] = (uint8_t)next();
        return size + 1;
    case 4: { // copy a part of this, or of another input, over this
        const struct bytes *from = &corpus[below(count)];
        if (from->size == 0) return size;
        size_t start = below(from->size), length = 1 + below(16);
        if (length > from->size - start) length = from->size - start;
        if (length > size - at) length = size - at;
        memcpy(data + at, from->data + start, length);
        return size;
    }
    default: { // put a part of another input in between
        const struct bytes *from = &corpus[below(count)];
        if (from->size == 0) return size;
        size_t start = below(from->size), length = 1 + below(16);
        if (length > from->size - start) length = from->size - start;
        if (length > max - size) length = max - size;
        memmove(data + at + length, data + at, size - at);
        memcpy(data + at, from->data + start, length);
        return size + length;
    }
    }
}

static void found(int signal_number) {
    char name[4096];
    snprintf(name, sizeof name, "%ssoak-%d-%016llx", prefix, signal_number, (unsigned long long)next());
    int file = open(name, O_CREAT | O_WRONLY, 0644);
    if (file >= 0 && write(file, input, input_size) >= 0) close(file);
    printf("runs %llu\n%s\n", runs, name);
    fflush(stdout);
    _exit(1);
}

static void load(const char *folder, size_t longest) {
    DIR *entries = opendir(folder);
    struct dirent *entry;
    size_t room = 0;
    while (entries && (entry = readdir(entries))) {
        char name[4096];
        struct stat about;
        snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
        if (stat(name, &about) || !S_ISREG(about.st_mode) || (size_t)about.st_size > longest) continue;
        int file = open(name, O_RDONLY);
        if (file < 0) continue;
        if (count == room) corpus = realloc(corpus, (room = room ? 2 * room : 1024) * sizeof *corpus);
        struct bytes *one = &corpus[count++];
        one->data = malloc(longest);
        ssize_t size = read(file, one->data, longest);
        one->size = size < 0 ? 0 : (size_t)size;
        close(file);
    }
    if (entries) closedir(entries);
}

int main(int argc, char **argv) {
    if (argc < 6) return 2;
    time_t end = time(NULL) + atol(argv[1]);
    state = strtoull(argv[2], NULL, 10);
    size_t longest = strtoull(argv[3], NULL, 10);
    prefix = argv[4];
    load(argv[5], longest);
    if (count == 0) {
        fprintf(stderr, "nothing to begin with in %s\n", argv[5]);
        return 2;
    }
    input = malloc(longest + 1);
    uint8_t *before = malloc(longest + 1);
    if (LLVMFuzzerInitialize) LLVMFuzzerInitialize(&argc, &argv);
    signal(SIGABRT, found);
    signal(SIGSEGV, found);
    signal(SIGALRM, found);
    while (time(NULL) < end) {
        alarm(60);
        for (int turn = 0; turn < 256; turn++) {
            const struct bytes *base = &corpus[below(count)];
            input_size = base->size;
            memcpy(input, base->data, input_size);
            do {
                unsigned seed = (unsigned)next();
                if (LLVMFuzzerCustomCrossOver && seed % 8 == 0) {
                    const struct bytes *other = &corpus[below(count)];
                    memcpy(before, input, input_size);
                    input_size = LLVMFuzzerCustomCrossOver(before, input_size, other->data, other->size, input,
                                                           longest, (unsigned)next());
                } else if (LLVMFuzzerCustomMutator) {
                    input_size = LLVMFuzzerCustomMutator(input, input_size, longest, (unsigned)next());
                } else {
                    input_size = LLVMFuzzerMutate(input, input_size, longest);
                }
            } while (below(3) != 0);
            LLVMFuzzerTestOneInput(input, input_size);
            runs++;
        }
    }
    printf("runs %llu\n", runs);
    return 0;
}
