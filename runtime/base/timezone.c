/* Time zones from the system's database.
 *
 * A TZif file (RFC 8536) holds the moments at which the offset changed, and a POSIX rule for all later ones.  The
 * C library reads it too, but only for one zone a process, kept in variables that threads share; so we read it.
 *
 * Zones are loaded once and chained in a list that only grows, published by compare and swap; a race loads a zone
 * twice, which is harmless. */
#include "runtime/base/zone.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"
#define LOCAL_FILE "/etc/localtime"
#define MAX_FILE (256 << 10)
#define NAME_ROOM 64
#define ABBREVIATION_ROOM 16

typedef struct zone_type {
    int32_t offset;
    bool dst;
    char abbreviation[ABBREVIATION_ROOM];
} zone_type;

/* When daylight time begins or ends in a year. */
typedef struct rule_date {
    char kind;            /* 'M' month.week.weekday, 'J' day 1-365 without leap day, 'D' day 0-365 */
    int month, week, day; /* day: weekday, or day of the year */
    int32_t time;         /* seconds after local midnight */
} rule_date;

struct tsk_zone {
    tsk_zone *next;
    char name[NAME_ROOM];
    uint32_t change_count, type_count;
    int64_t *changes; /* ascending UTC seconds */
    uint8_t *change_types;
    zone_type *types;
    bool has_rule, rule_dst;
    zone_type standard, daylight;
    rule_date start, end;
};

static _Atomic(tsk_zone *) zones;

static tsk_zone utc_zone = {.name = "UTC", .has_rule = true, .standard = {.abbreviation = "UTC"}};

const tsk_zone *tsk_zone_utc(void) {
    return &utc_zone;
}

const char *tsk_zone_name(const tsk_zone *zone) {
    return zone->name;
}

/* ---- POSIX rules: CET-1CEST,M3.5.0,M10.5.0/3 ---- */

static bool digit(char c) {
    return c >= '0' && c <= '9';
}

static bool letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool read_number(const char **at, int max, int *out) {
    const char *p = *at;
    int n = 0;
    if (!digit(*p)) return false;
    while (digit(*p) && n <= max) n = n * 10 + (*p++ - '0');
    *out = n;
    *at = p;
    return n <= max;
}

static bool read_abbreviation(const char **at, char out[ABBREVIATION_ROOM]) {
    const char *p = *at;
    size_t n = 0;
    bool quoted = *p == '<';
    if (quoted) p++;
    while (quoted ? *p && *p != '>' : letter(*p)) {
        if (n + 1 >= ABBREVIATION_ROOM) return false;
        out[n++] = *p++;
    }
    out[n] = 0;
    if (quoted && *p++ != '>') return false;
    *at = p;
    return n >= 3;
}

/* [+-]hh[:mm[:ss]] */
static bool read_time(const char **at, int max_hour, int32_t *out) {
    const char *p = *at;
    int sign = 1, hour = 0, minute = 0, second = 0;
    if (*p == '+' || *p == '-') sign = *p++ == '-' ? -1 : 1;
    if (!read_number(&p, max_hour, &hour)) return false;
    if (*p == ':' && digit(p[1])) {
        p++;
        if (!read_number(&p, 59, &minute)) return false;
        if (*p == ':' && digit(p[1])) {
            p++;
            if (!read_number(&p, 59, &second)) return false;
        }
    }
    *out = sign * (hour * 3600 + minute * 60 + second);
    *at = p;
    return true;
}

static bool read_rule_date(const char **at, rule_date *out) {
    const char *p = *at;
    *out = (rule_date){.kind = *p, .time = 7200};
    if (*p++ != ',') return false;
    out->kind = *p;
    if (*p == 'M') {
        p++;
        if (!read_number(&p, 12, &out->month) || out->month < 1 || *p++ != '.' || !read_number(&p, 5, &out->week) ||
            out->week < 1 || *p++ != '.' || !read_number(&p, 6, &out->day))
            return false;
    } else if (*p == 'J') {
        p++;
        if (!read_number(&p, 365, &out->day) || out->day < 1) return false;
    } else {
        out->kind = 'D';
        if (!read_number(&p, 365, &out->day)) return false;
    }
    if (*p == '/') {
        p++;
        if (!read_time(&p, 167, &out->time)) return false;
    }
    *at = p;
    return true;
}

static bool read_rule(const char *text, tsk_zone *zone) {
    const char *p = text;
    int32_t west;
    if (!read_abbreviation(&p, zone->standard.abbreviation) || !read_time(&p, 24, &west)) return false;
    zone->standard.offset = -west;
    zone->has_rule = true;
    if (!*p) return true;
    if (!read_abbreviation(&p, zone->daylight.abbreviation)) return false;
    zone->daylight.offset = zone->standard.offset + 3600;
    zone->daylight.dst = true;
    if (*p && *p != ',') {
        if (!read_time(&p, 24, &west)) return false;
        zone->daylight.offset = -west;
    }
    zone->rule_dst = true;
    if (!*p) p = ",M3.2.0,M11.1.0"; /* the rule that POSIX leaves to the system */
    return read_rule_date(&p, &zone->start) && read_rule_date(&p, &zone->end) && !*p;
}

/* Local seconds since 1970 at which the rule strikes in a year. */
static int64_t rule_moment(const rule_date *r, int64_t year) {
    int64_t day;
    if (r->kind == 'J') {
        day = tsk_days_from_civil(year, 1, 1) + r->day - 1 + (r->day >= 60 && tsk_is_leap_year(year));
    } else if (r->kind == 'D') {
        day = tsk_days_from_civil(year, 1, 1) + r->day;
    } else {
        int64_t first = tsk_days_from_civil(year, r->month, 1);
        day = first + (r->day - tsk_weekday_of(first) + 7) % 7 + 7 * (r->week - 1);
        if (day >= first + tsk_days_in_month(year, r->month)) day -= 7;
    }
    return day * 86400 + r->time;
}

static const zone_type *type_by_rule(const tsk_zone *zone, int64_t utc) {
    if (!zone->rule_dst) return &zone->standard;
    int64_t year;
    int32_t month, day;
    tsk_civil_from_days(tsk_floor_div(utc + zone->standard.offset, 86400), &year, &month, &day);
    int64_t start = rule_moment(&zone->start, year) - zone->standard.offset;
    int64_t end = rule_moment(&zone->end, year) - zone->daylight.offset;
    bool dst = start < end ? utc >= start && utc < end : utc >= start || utc < end;
    return dst ? &zone->daylight : &zone->standard;
}

void tsk_zone_at(const tsk_zone *zone, int64_t utc, tsk_zone_info *out) {
    const zone_type *type;
    uint32_t n = zone->change_count;
    if (n == 0 || utc < zone->changes[0]) {
        type = zone->type_count ? &zone->types[0] : type_by_rule(zone, utc);
    } else if (utc >= zone->changes[n - 1] && zone->has_rule) {
        type = type_by_rule(zone, utc);
    } else {
        uint32_t low = 0, high = n; /* changes[low] <= utc < changes[high] */
        while (high - low > 1) {
            uint32_t mid = low + (high - low) / 2;
            if (zone->changes[mid] <= utc)
                low = mid;
            else
                high = mid;
        }
        type = &zone->types[zone->change_types[low]];
    }
    *out = (tsk_zone_info){type->offset, type->dst, type->abbreviation};
}

int64_t tsk_zone_to_utc(const tsk_zone *zone, int64_t local) {
    tsk_zone_info before, after, check;
    tsk_zone_at(zone, local - 86400, &before);
    tsk_zone_at(zone, local + 86400, &after);
    int64_t early = local - before.offset, late = local - after.offset;
    tsk_zone_at(zone, early, &check);
    if (check.offset == before.offset) return early;
    tsk_zone_at(zone, late, &check);
    return check.offset == after.offset ? late : early;
}

/* ---- TZif ---- */

static uint32_t be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t be64(const uint8_t *p) {
    return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

typedef struct tzif_counts {
    uint32_t isut, isstd, leap, time, type, chars;
} tzif_counts;

#define TZIF_HEADER 44

static bool tzif_header(const uint8_t *p, const uint8_t *end, tzif_counts *c) {
    if (end - p < TZIF_HEADER || memcmp(p, "TZif", 4) != 0 || p[4] < '2') return false;
    *c = (tzif_counts){be32(p + 20), be32(p + 24), be32(p + 28), be32(p + 32), be32(p + 36), be32(p + 40)};
    return c->isut <= 256 && c->isstd <= 256 && c->leap <= 1000 && c->time <= 10000 && c->type >= 1 && c->type <= 256 &&
           c->chars <= 1000;
}

static size_t tzif_size(const tzif_counts *c, size_t time_size) {
    return c->time * (time_size + 1) + c->type * 6 + c->chars + c->leap * (time_size + 4) + c->isstd + c->isut;
}

/* One allocation for the zone and its tables. */
static tsk_zone *zone_new(const char *name, uint32_t changes, uint32_t types) {
    tsk_zone *z = calloc(1, sizeof *z + changes * sizeof *z->changes + types * sizeof *z->types + changes);
    if (!z) return NULL;
    snprintf(z->name, sizeof z->name, "%s", name);
    z->change_count = changes;
    z->type_count = types;
    z->changes = (int64_t *)(z + 1);
    z->types = (zone_type *)(z->changes + changes);
    z->change_types = (uint8_t *)(z->types + types);
    return z;
}

static bool tzif_fill(tsk_zone *z, const tzif_counts *c, const uint8_t *p) {
    const uint8_t *indexes = p + c->time * 8, *types = indexes + c->time, *chars = types + c->type * 6;
    for (uint32_t i = 0; i < c->time; i++) {
        z->changes[i] = be64(p + i * 8);
        z->change_types[i] = indexes[i];
        if (indexes[i] >= c->type || (i && z->changes[i] <= z->changes[i - 1])) return false;
    }
    for (uint32_t i = 0; i < c->type; i++) {
        const uint8_t *t = types + i * 6;
        z->types[i].offset = (int32_t)be32(t);
        z->types[i].dst = t[4] != 0;
        if (t[5] >= c->chars) return false;
        size_t room = c->chars - t[5];
        snprintf(z->types[i].abbreviation, ABBREVIATION_ROOM, "%.*s", (int)strnlen((const char *)chars + t[5], room),
                 (const char *)chars + t[5]);
    }
    return true;
}

static tsk_zone *tzif_read(const char *name, const uint8_t *p, size_t size) {
    const uint8_t *end = p + size;
    tzif_counts c;
    if (!tzif_header(p, end, &c) || (size_t)(end - p) < TZIF_HEADER + tzif_size(&c, 4)) return NULL;
    p += TZIF_HEADER + tzif_size(&c, 4);
    if (!tzif_header(p, end, &c)) return NULL;
    p += TZIF_HEADER;
    size_t body = tzif_size(&c, 8);
    if ((size_t)(end - p) < body) return NULL;
    tsk_zone *z = zone_new(name, c.time, c.type);
    if (!z) return NULL;
    if (!tzif_fill(z, &c, p)) {
        free(z);
        return NULL;
    }
    p += body;
    char rule[128];
    size_t len = 0;
    if (p < end && *p == '\n')
        for (p++; p < end && *p != '\n' && len + 1 < sizeof rule; p++) rule[len++] = (char)*p;
    rule[len] = 0;
    if (len && !read_rule(rule, z)) z->has_rule = z->rule_dst = false;
    return z;
}

static tsk_zone *read_file(const char *path, const char *name) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return NULL;
    uint8_t *data = malloc(MAX_FILE);
    size_t size = 0;
    ssize_t n = 0;
    while (data && size < MAX_FILE && (n = read(fd, data + size, MAX_FILE - size)) > 0) size += (size_t)n;
    close(fd);
    tsk_zone *z = data && n >= 0 && size < MAX_FILE ? tzif_read(name, data, size) : NULL;
    free(data);
    return z;
}

/* ---- finding ---- */

static const tsk_zone *known(const char *name) {
    for (const tsk_zone *z = atomic_load_explicit(&zones, memory_order_acquire); z; z = z->next)
        if (strcmp(z->name, name) == 0) return z;
    return NULL;
}

static const tsk_zone *publish(tsk_zone *z) {
    if (!z) return NULL;
    z->next = atomic_load_explicit(&zones, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(&zones, &z->next, z, memory_order_release, memory_order_relaxed)) {}
    return z;
}

/* [+-]hh[[:]mm] to seconds. */
static bool read_offset(tsk_slice s, int32_t *out) {
    if (s.len < 2 || s.len > 6 || (s.ptr[0] != '+' && s.ptr[0] != '-')) return false;
    int digits[4] = {0}, n = 0;
    for (uint32_t i = 1; i < s.len; i++) {
        if (s.ptr[i] == ':' && n && i + 3 == s.len) continue;
        if (!digit(s.ptr[i]) || n == 4) return false;
        digits[n++] = s.ptr[i] - '0';
    }
    int hour = n == 1 || n == 3 ? digits[0] : digits[0] * 10 + digits[1];
    int minute = n == 3 ? digits[1] * 10 + digits[2] : n == 4 ? digits[2] * 10 + digits[3] : 0;
    *out = (hour * 3600 + minute * 60) * (s.ptr[0] == '-' ? -1 : 1);
    return hour < 24 && minute < 60;
}

static const tsk_zone *fixed_zone(int32_t offset) {
    char name[16];
    int32_t size = offset < 0 ? -offset : offset;
    snprintf(name, sizeof name, "%c%02d:%02d", offset < 0 ? '-' : '+', size / 3600 % 24, size / 60 % 60);
    const tsk_zone *found = known(name);
    if (found) return found;
    tsk_zone *z = zone_new(name, 0, 0);
    if (!z) return NULL;
    z->has_rule = true;
    z->standard.offset = offset;
    snprintf(z->standard.abbreviation, ABBREVIATION_ROOM, "%s", name);
    return publish(z);
}

/* A name that stays inside the folder of zones. */
static bool safe_name(tsk_slice name) {
    if (!name.len || name.len >= NAME_ROOM || !letter(name.ptr[0])) return false;
    for (uint32_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        if (!letter(c) && !digit(c) && c != '/' && c != '_' && c != '-' && c != '+') return false;
    }
    return true;
}

static bool word_is(tsk_slice s, const char *word) {
    for (uint32_t i = 0; i < s.len; i++)
        if (!word[i] || (s.ptr[i] | 0x20) != word[i]) return false;
    return !word[s.len];
}

const tsk_zone *tsk_zone_find(tsk_slice name) {
    int32_t offset;
    if (word_is(name, "utc") || word_is(name, "z") || word_is(name, "gmt")) return &utc_zone;
    if (read_offset(name, &offset)) return fixed_zone(offset);
    if (name.len > 3 && (word_is((tsk_slice){name.ptr, 3}, "utc") || word_is((tsk_slice){name.ptr, 3}, "gmt")) &&
        read_offset((tsk_slice){name.ptr + 3, name.len - 3}, &offset))
        return fixed_zone(offset);
    if (!safe_name(name)) return NULL;
    char text[NAME_ROOM], path[sizeof ZONE_FOLDER + NAME_ROOM];
    snprintf(text, sizeof text, "%.*s", (int)name.len, name.ptr);
    const tsk_zone *found = known(text);
    if (found) return found;
    snprintf(path, sizeof path, ZONE_FOLDER "%s", text);
    return publish(read_file(path, text));
}

/* The name behind the link /etc/localtime, for `e` and timezone(). */
static void local_name(char out[NAME_ROOM]) {
    char target[256];
    ssize_t n = readlink(LOCAL_FILE, target, sizeof target - 1);
    snprintf(out, NAME_ROOM, "UTC");
    if (n <= 0) return;
    target[n] = 0;
    const char *name = strstr(target, "zoneinfo/");
    if (name) snprintf(out, NAME_ROOM, "%.*s", NAME_ROOM - 1, name + 9);
}

const tsk_zone *tsk_zone_local(const char *tz) {
    if (tz && *tz == ':') tz++;
    if (tz && *tz) {
        const tsk_zone *z = tsk_zone_find((tsk_slice){tz, (uint32_t)strnlen(tz, NAME_ROOM)});
        if (!z) z = known(tz);
        if (z) return z;
        tsk_zone *rule = strlen(tz) < NAME_ROOM ? zone_new(tz, 0, 0) : NULL;
        if (rule && read_rule(tz, rule)) return publish(rule);
        free(rule);
        return &utc_zone;
    }
    if (tz) return &utc_zone; /* set but empty */
    static _Atomic(const tsk_zone *) local;
    const tsk_zone *z = atomic_load_explicit(&local, memory_order_acquire);
    if (z) return z;
    char name[NAME_ROOM];
    local_name(name);
    z = known(name);
    if (!z) z = publish(read_file(LOCAL_FILE, name));
    if (!z) z = &utc_zone;
    atomic_store_explicit(&local, z, memory_order_release);
    return z;
}
