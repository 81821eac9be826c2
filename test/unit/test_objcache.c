/* Compiled objects on disk: what is written is read back whole, and nothing else is believed. */
#include "runtime/engine/objcache.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static tsk_arena arena;
static char folder[64];
static tsk_objcache *cache;

static void setup(void) {
    const char *why;
    tsk_arena_init(&arena, &tsk_allocator_default, 0);
    strcpy(folder, "/tmp/tusk-objcache-XXXXXX");
    cr_assert(mkdtemp(folder));
    cache = tsk_objcache_open(&tsk_allocator_default, folder, 0, true, &why);
    cr_assert(cache, "%s", why);
}

static void teardown(void) {
    tsk_objcache_clear(cache);
    tsk_objcache_close(cache);
    rmdir(folder);
    tsk_arena_free(&arena);
}

TestSuite(objcache, .init = setup, .fini = teardown);

static tsk_digest key_of(const char *text) {
    tsk_sha256 h;
    tsk_sha256_begin(&h);
    tsk_sha256_add(&h, text, strlen(text));
    return tsk_sha256_end(&h);
}

static bool put(const char *key, const char *notes, const char *object) {
    tsk_digest k = key_of(key);
    return tsk_objcache_put(cache, &k, &(tsk_objcache_entry){notes, object, strlen(notes), strlen(object)});
}

static bool get(const char *key, unsigned slot, tsk_objcache_entry *out) {
    tsk_digest k = key_of(key);
    return tsk_objcache_get(cache, &arena, &k, slot, out);
}

static uint64_t entries(void) {
    tsk_objcache_stats stats;
    tsk_objcache_statistics(cache, &stats);
    return stats.entries;
}

/* The path of the only entry there is. */
static void path_of_entry(char *out, size_t size) {
    DIR *d = opendir(folder);
    for (struct dirent *e; (e = readdir(d));)
        if (e->d_name[0] != '.') snprintf(out, size, "%s/%s", folder, e->d_name);
    closedir(d);
}

Test(objcache, digests_are_those_of_the_standard) {
    static const struct {
        const char *text;
        uint8_t first[4];
    } rows[] = {{"", {0xe3, 0xb0, 0xc4, 0x42}},
                {"abc", {0xba, 0x78, 0x16, 0xbf}},
                {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", {0x24, 0x8d, 0x6a, 0x61}}};
    for (size_t i = 0; i < TSK_COUNT(rows); i++) {
        tsk_digest d = key_of(rows[i].text);
        cr_assert_eq(memcmp(d.bytes, rows[i].first, 4), 0, "%s", rows[i].text);
    }
    tsk_sha256 whole, pieces;
    char text[1000];
    memset(text, 'a', sizeof text);
    tsk_sha256_begin(&whole);
    tsk_sha256_begin(&pieces);
    for (int i = 0; i < 1000; i++) tsk_sha256_add(&whole, text, sizeof text);
    for (size_t left = 1000000, n = 1; left; left -= n, n = n % 997 + 1) {
        if (n > left) n = left;
        tsk_sha256_add(&pieces, text, n);
        tsk_sha256_add(&pieces, NULL, 0);
    }
    tsk_digest a = tsk_sha256_end(&whole), b = tsk_sha256_end(&pieces);
    cr_assert_eq(memcmp(a.bytes, (uint8_t[]){0xcd, 0xc7, 0x6e, 0x5c}, 4), 0);
    cr_assert_eq(memcmp(&a, &b, sizeof a), 0, "pieces of any size give the same");
}

Test(objcache, an_entry_is_read_back) {
    tsk_objcache_entry e;
    cr_assert_not(get("f", 0, &e), "nothing is there yet");
    cr_assert(put("f", "assumed nothing", "machine code"));
    cr_assert(get("f", 0, &e));
    cr_assert_eq(e.notes_size, strlen("assumed nothing"));
    cr_assert_eq(memcmp(e.notes, "assumed nothing", e.notes_size), 0);
    cr_assert_eq(e.object_size, strlen("machine code"));
    cr_assert_eq(memcmp(e.object, "machine code", e.object_size), 0);
    cr_assert_eq((uintptr_t)e.object % 16, 0);
    cr_assert_not(get("g", 0, &e), "another key");
}

Test(objcache, a_key_has_four_entries) {
    tsk_objcache_entry e;
    for (char object[2] = "a"; *object < 'f'; ++*object) cr_assert(put("f", "", object));
    cr_assert_eq(entries(), TSK_OBJCACHE_SLOTS);
    bool newest = false;
    for (unsigned slot = 0; slot < TSK_OBJCACHE_SLOTS; slot++) {
        cr_assert(get("f", slot, &e));
        newest |= *e.object == 'e';
    }
    cr_assert(newest, "the newest replaced one that was there");
}

/* Every byte counts: an entry with one bit changed, or cut short, is a miss and goes. */
Test(objcache, damaged_entries_are_misses) {
    tsk_objcache_entry e;
    char path[PATH_MAX], bytes[256];
    cr_assert(put("f", "notes", "object"));
    path_of_entry(path, sizeof path);
    FILE *f = fopen(path, "rb");
    size_t size = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    for (size_t at = 0; at <= size; at++) {
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (at < size) bytes[at] ^= 4;
        cr_assert_eq(write(fd, bytes, at < size ? size : size - 1), (ssize_t)(at < size ? size : size - 1));
        close(fd);
        if (at < size) bytes[at] ^= 4;
        cr_assert_not(get("f", 0, &e), "byte %zu", at);
        cr_assert_eq(access(path, F_OK), -1, "it is removed");
    }
}

Test(objcache, only_a_directory_of_ours_is_used) {
    const char *why;
    char link[80], missing[80];
    chmod(folder, 0755);
    cr_assert_null(tsk_objcache_open(&tsk_allocator_default, folder, 0, false, &why));
    cr_assert_eq(strcmp(why, "others may enter the directory: its mode must be 0700"), 0, "%s", why);
    chmod(folder, 0700);
    snprintf(link, sizeof link, "%s.link", folder);
    cr_assert_eq(symlink(folder, link), 0);
    cr_assert_null(tsk_objcache_open(&tsk_allocator_default, link, 0, false, &why), "a symbolic link");
    unlink(link);
    snprintf(missing, sizeof missing, "%s/a", folder);
    cr_assert_null(tsk_objcache_open(&tsk_allocator_default, missing, 0, false, &why));
    cr_assert_eq(strcmp(why, "the directory does not exist"), 0, "%s", why);
}

Test(objcache, old_entries_make_room) {
    const char *why;
    tsk_objcache *small = tsk_objcache_open(&tsk_allocator_default, folder, 20000, false, &why);
    char object[1000], key[16];
    memset(object, 'x', sizeof object);
    for (int i = 0; i < 100; i++) {
        snprintf(key, sizeof key, "%d", i);
        tsk_digest k = key_of(key);
        cr_assert(tsk_objcache_put(small, &k, &(tsk_objcache_entry){"", object, 0, sizeof object}));
    }
    tsk_objcache_stats stats;
    tsk_objcache_statistics(small, &stats);
    cr_assert_leq(stats.bytes, 20000);
    cr_assert_geq(stats.entries, 10);
    tsk_digest k = key_of("large");
    cr_assert_not(tsk_objcache_put(small, &k, &(tsk_objcache_entry){"", object, 0, 11000}),
                  "more than half of the room");
    tsk_objcache_close(small);
}

static const char *cache_variable(const char *name) {
    return strcmp(name, "XDG_CACHE_HOME") ? strcmp(name, "HOME") ? NULL : "/home/me" : "/var/me";
}
static const char *no_variable(const char *name) {
    (void)name;
    return NULL;
}

Test(objcache, the_directory_has_a_name) {
    char path[64], tiny[8];
    cr_assert(tsk_objcache_directory(cache_variable, path, sizeof path));
    cr_assert_eq(strcmp(path, "/var/me/tusk"), 0);
    cr_assert_not(tsk_objcache_directory(cache_variable, tiny, sizeof tiny));
    cr_assert_not(tsk_objcache_directory(no_variable, path, sizeof path));
}
