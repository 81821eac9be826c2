/* YAML 1.2 with the core schema: documents, block and flow collections, anchors and tags.
 *
 *   stream ──► document ──► block_node ──► block_map, block_seq         indentation is the column of the cursor
 *                               └──────► scalar, alias, flow_node ──► flow_map, flow_seq
 *
 * A node that may be the key of a block mapping is told by a look ahead over its line (key_follows).  Beyond the core
 * schema there are the merge key `<<` and !!binary, whose text is kept; other tags are refused, since dropping one
 * would change what the text says.  Keys are texts: those of numbers as they are written. */
#include "runtime/formats/yaml.h"

#include "runtime/value/semantics.h"

/* What stands before a node: `!tag &anchor`. */
typedef struct properties {
    tsk_yaml_tag tag;
    tsk_slice anchor; /* len 0: none */
} properties;

/* A node, and how it was written where that matters. */
typedef struct node {
    tsk_value v;
    tsk_slice raw; /* of scalars */
    bool scalar, plain;
} node;

static bool block_node(tsk_yaml *y, int indent, bool same, bool compact, node *out);
static bool flow_node(tsk_yaml *y, node *out);

/* ---- lines ---- */

void tsk_yaml_next_line(tsk_yaml *y) {
    y->r.p += *y->r.p == '\r' && tsk_yaml_at(y, 1) == '\n' ? 2 : 1;
    y->line = y->r.p;
}

bool tsk_yaml_ended(const tsk_yaml *y) {
    const char *p = y->r.p;
    if (p == y->r.end) return true;
    return p == y->line && (*p == '-' || *p == '.') && tsk_yaml_at(y, 1) == *p && tsk_yaml_at(y, 2) == *p &&
           tsk_yaml_ends(tsk_yaml_at(y, 3));
}

/* Over blanks, comments and line ends; true when a line ended. */
static bool skip(tsk_yaml *y) {
    for (bool ended = false;; ended = true) {
        while (tsk_read_blank(tsk_yaml_at(y, 0))) y->r.p++;
        if (tsk_yaml_at(y, 0) == '#' && (y->r.p == y->line || tsk_read_blank(y->r.p[-1])))
            while (y->r.p < y->r.end && !tsk_read_break(*y->r.p)) y->r.p++;
        if (!tsk_read_break(tsk_yaml_at(y, 0))) return ended;
        tsk_yaml_next_line(y);
    }
}

/* Behind a value there is nothing but a comment. */
static bool line_ends(tsk_yaml *y) {
    const char *start = y->r.p;
    if (start == y->line && start > y->r.text) return true; /* a block of text has taken its line end */
    while (tsk_read_blank(tsk_yaml_at(y, 0))) y->r.p++;
    char c = tsk_yaml_at(y, 0);
    if (!c || tsk_read_break(c) || (c == '#' && y->r.p > start)) return true;
    if (c == ':') return tsk_read_fail(&y->r, y->r.p, "a mapping cannot begin on this line");
    return tsk_read_fail(&y->r, y->r.p, "something stands behind the value");
}

/* A collection in blocks begins or goes on at the cursor: its column must not come from tabs. */
static bool no_tabs(tsk_yaml *y) {
    const char *tab = memchr(y->line, '\t', (size_t)(y->r.p - y->line));
    return !tab || tsk_read_fail(&y->r, tab, "a tab in the indentation");
}

static bool sign_at(const tsk_yaml *y, char sign) {
    return tsk_yaml_at(y, 0) == sign && tsk_yaml_ends(tsk_yaml_at(y, 1));
}

/* ---- anchors, aliases and tags ---- */

static bool is_property(const tsk_yaml *y) {
    return tsk_yaml_at(y, 0) == '&' || tsk_yaml_at(y, 0) == '!';
}

/* A name behind & or *. */
static bool read_name(tsk_yaml *y, tsk_slice *out) {
    const char *start = ++y->r.p;
    while (!tsk_yaml_ends(tsk_yaml_at(y, 0)) && !tsk_yaml_flow_sign(tsk_yaml_at(y, 0))) y->r.p++;
    *out = tsk_read_slice(start, y->r.p);
    return out->len || tsk_read_fail(&y->r, start - 1, "%c without a name", start[-1]);
}

static bool read_tag(tsk_yaml *y, tsk_yaml_tag *out) {
    static const struct {
        const char *name;
        tsk_yaml_tag tag;
    } tags[] = {{"str", TSK_YAML_TEXT},       {"int", TSK_YAML_INT},    {"float", TSK_YAML_FLOAT},
                {"bool", TSK_YAML_BOOL},      {"null", TSK_YAML_NULL},  {"seq", TSK_YAML_SEQ},
                {"map", TSK_YAML_MAP},        {"set", TSK_YAML_MAP},    {"omap", TSK_YAML_SEQ},
                {"timestamp", TSK_YAML_TEXT}, {"binary", TSK_YAML_TEXT}};
    const char *start = y->r.p, *name = start;
    bool angles = tsk_yaml_at(y, 1) == '<';
    for (char c; c = tsk_yaml_at(y, 0), !tsk_yaml_ends(c) && (angles || !tsk_yaml_flow_sign(c)); y->r.p++)
        if (c == '>') angles = false;
    tsk_slice tag = tsk_read_slice(start, y->r.p);
    static const char verbatim[] = "!<tag:yaml.org,2002:";
    *out = TSK_YAML_TEXT;
    if (tag.len == 1) return true;
    if (tag.len > sizeof verbatim && memcmp(tag.ptr, verbatim, sizeof verbatim - 1) == 0 && y->r.p[-1] == '>')
        name = tag.ptr + sizeof verbatim - 1, tag.len = (uint32_t)(y->r.p - 1 - name);
    else if (tag.ptr[1] == '!')
        name = tag.ptr + 2, tag.len -= 2;
    else
        tag.len = 0;
    for (size_t i = 0; i < TSK_COUNT(tags); i++)
        if (strlen(tags[i].name) == tag.len && memcmp(tags[i].name, name, tag.len) == 0)
            return *out = tags[i].tag, true;
    tag = tsk_read_slice(start, y->r.p);
    return tsk_read_fail(&y->r, start, "the tag %.*s is not known", (int)(tag.len > 64 ? 64 : tag.len), tag.ptr);
}

/* Those on this line. */
static bool read_properties(tsk_yaml *y, properties *out) {
    while (is_property(y)) {
        bool anchor = *y->r.p == '&';
        if (anchor ? out->anchor.len : out->tag)
            return tsk_read_fail(&y->r, y->r.p, "a second %s of one value", anchor ? "anchor" : "tag");
        if (anchor ? !read_name(y, &out->anchor) : !read_tag(y, &out->tag)) return false;
        while (tsk_read_blank(tsk_yaml_at(y, 0))) y->r.p++;
    }
    return true;
}

static tsk_yaml_anchor *anchor_slot(tsk_yaml *y, tsk_slice name) {
    bool added;
    tsk_entry *e = tsk_object_slot(y->r.arena, y->names, name.ptr, name.len, tsk_hash(name.ptr, name.len), &added);
    if (added) {
        if (y->anchor_count == y->anchor_cap) {
            uint32_t cap = y->anchor_cap ? y->anchor_cap * 2 : 8;
            y->anchors = tsk_arena_grow(y->r.arena, y->anchors, y->anchor_cap * sizeof *y->anchors,
                                        cap * sizeof *y->anchors);
            y->anchor_cap = cap;
        }
        e->value = tsk_from_i32((int32_t)y->anchor_count++);
    }
    return &y->anchors[tsk_as_i32(e->value)];
}

/* Before the node that the anchor names, and after it. */
static void begin_anchor(tsk_yaml *y, const properties *p) {
    if (p->anchor.len) *anchor_slot(y, p->anchor) = (tsk_yaml_anchor){TSK_VALUE_NULL, 0, false};
}
static void end_anchor(tsk_yaml *y, const properties *p, tsk_value v, uint64_t nodes_before) {
    if (p->anchor.len) *anchor_slot(y, p->anchor) = (tsk_yaml_anchor){v, y->nodes - nodes_before, true};
}

static bool alias(tsk_yaml *y, node *out) {
    tsk_slice name;
    const char *start = y->r.p;
    if (!read_name(y, &name)) return false;
    const tsk_entry *e = tsk_object_find(y->names, name.ptr, name.len);
    const tsk_yaml_anchor *anchor = e ? &y->anchors[tsk_as_i32(e->value)] : NULL;
    int shown = (int)(name.len > 64 ? 64 : name.len);
    if (!anchor) return tsk_read_fail(&y->r, start, "no anchor &%.*s stands before this alias", shown, name.ptr);
    if (!anchor->ready) return tsk_read_fail(&y->r, start, "*%.*s stands inside of what it names", shown, name.ptr);
    y->nodes += anchor->nodes;
    y->aliased += anchor->nodes;
    if (y->aliased > TSK_YAML_ALIASED) {
        tsk_read_fail(&y->r, start, "aliases stand for more than %llu values", (unsigned long long)TSK_YAML_ALIASED);
        y->r.problem->code = TSK_E_MEMORY_LIMIT;
        return false;
    }
    *out = (node){.v = anchor->v, .scalar = !tsk_is_array(anchor->v) && !tsk_is_object(anchor->v)};
    if (out->scalar) out->raw = tsk_as_slice(tsk_value_string(y->r.arena, anchor->v));
    return true;
}

/* ---- mappings ---- */

typedef struct mapping {
    tsk_object *object;
    tsk_array *merged; /* what `<<` names; NULL: nothing */
} mapping;

static mapping mapping_new(tsk_yaml *y) {
    return (mapping){tsk_object_new(y->r.arena, 4), NULL};
}

/* A mapping, or a sequence of them. */
static bool add_merged(tsk_yaml *y, mapping *m, tsk_value v, const char *at) {
    if (!m->merged) m->merged = tsk_array_new(y->r.arena, 2);
    uint32_t before = m->merged->count;
    if (tsk_is_array(v)) {
        for (uint32_t i = 0; i < tsk_as_array(v)->count; i++)
            tsk_array_push(y->r.arena, m->merged, tsk_as_array(v)->items[i]);
    } else {
        tsk_array_push(y->r.arena, m->merged, v);
    }
    for (uint32_t i = before; i < m->merged->count; i++)
        if (!tsk_is_object(m->merged->items[i])) return tsk_read_fail(&y->r, at, "<< wants a mapping, or several");
    return true;
}

static bool add_entry(tsk_yaml *y, mapping *m, const node *key, tsk_value v, const char *at) {
    tsk_slice name = key->raw;
    bool added;
    if (!key->scalar) return tsk_read_fail(&y->r, at, "a key that is a collection");
    if (key->plain && name.len == 2 && memcmp(name.ptr, "<<", 2) == 0) return add_merged(y, m, v, at);
    tsk_entry *e = tsk_object_slot(y->r.arena, m->object, name.len ? name.ptr : "", name.len,
                                   tsk_hash(name.ptr, name.len), &added);
    e->value = v;
    return added ||
           tsk_read_fail(&y->r, at, "the key `%.*s` comes twice", (int)(name.len > 64 ? 64 : name.len), name.ptr);
}

/* What is merged stands first; the mapping's own keys win, and of what is merged the first. */
static tsk_value mapping_end(tsk_yaml *y, const mapping *m) {
    if (!m->merged) return tsk_from_object(m->object);
    tsk_object *whole = tsk_object_new(y->r.arena, m->object->count);
    for (uint32_t i = 0; i < m->merged->count; i++) {
        const tsk_object *o = tsk_as_object(m->merged->items[i]);
        for (uint32_t k = 0; k < o->count; k++) {
            const tsk_entry *e = &o->entries[k];
            bool added;
            tsk_entry *slot = tsk_object_slot(y->r.arena, whole, e->key, e->key_len, e->hash, &added);
            if (added) slot->value = e->value;
        }
    }
    for (uint32_t k = 0; k < m->object->count; k++) {
        const tsk_entry *e = &m->object->entries[k];
        tsk_object_slot(y->r.arena, whole, e->key, e->key_len, e->hash, NULL)->value = e->value;
    }
    return tsk_from_object(whole);
}

/* ---- flow collections ---- */

/* To the next byte inside of brackets that were opened at `start`. */
static bool flow_skip(tsk_yaml *y, const char *start) {
    skip(y);
    return !tsk_yaml_ended(y) || tsk_read_fail(&y->r, start, "%c is never closed", *start);
}

static bool flow_colon(const tsk_yaml *y, bool anywhere) {
    char next = tsk_yaml_at(y, 1);
    return tsk_yaml_at(y, 0) == ':' && (anywhere || tsk_yaml_ends(next) || tsk_yaml_flow_sign(next));
}

/* Behind a colon; nothing is null. */
static bool flow_value(tsk_yaml *y, const char *start, node *out) {
    y->r.p++;
    if (!flow_skip(y, start)) return false;
    *out = (node){.v = TSK_VALUE_NULL, .scalar = true, .plain = true};
    char c = tsk_yaml_at(y, 0);
    return c == ',' || c == ']' || c == '}' || flow_node(y, out);
}

/* `key`, `key: value` or `? key : value`; *pair: there was a colon or a question mark. */
static bool flow_entry(tsk_yaml *y, const char *start, node *key, node *value, bool *pair) {
    *value = (node){.v = TSK_VALUE_NULL, .scalar = true, .plain = true};
    *key = *value;
    *pair = sign_at(y, '?');
    if (*pair) {
        y->r.p++;
        if (!flow_skip(y, start)) return false;
    }
    char first = tsk_yaml_at(y, 0);
    bool quoted = first == '"' || first == '\'' || first == '[' || first == '{';
    bool absent = flow_colon(y, false) || (*pair && (first == ',' || first == '}' || first == ']'));
    if ((!absent && !flow_node(y, key)) || !flow_skip(y, start)) return false;
    if (!flow_colon(y, quoted || absent || !key->plain)) return true;
    *pair = true;
    return flow_value(y, start, value);
}

/* Behind an entry: a comma, or the closing bracket, over which the cursor goes only in its own loop. */
static bool flow_comma(tsk_yaml *y, const char *start, char close) {
    if (!flow_skip(y, start)) return false;
    if (tsk_yaml_at(y, 0) == ',') return y->r.p++, true;
    return tsk_yaml_at(y, 0) == close || tsk_read_fail(&y->r, y->r.p, "',' or '%c' was expected", close);
}

static bool flow_seq(tsk_yaml *y, node *out) {
    const char *start = y->r.p++;
    tsk_array *items = tsk_array_new(y->r.arena, 4);
    for (;;) {
        node key, value;
        bool pair;
        if (!flow_skip(y, start)) return false;
        if (tsk_yaml_at(y, 0) == ']') break;
        const char *at = y->r.p;
        if (*at == ',') return tsk_read_fail(&y->r, at, "a value was expected");
        if (!flow_entry(y, start, &key, &value, &pair)) return false;
        if (pair) {
            mapping m = mapping_new(y);
            if (!add_entry(y, &m, &key, value.v, at)) return false;
            key.v = mapping_end(y, &m);
        }
        tsk_array_push(y->r.arena, items, key.v);
        if (!flow_comma(y, start, ']')) return false;
    }
    y->r.p++;
    *out = (node){.v = tsk_from_array(items)};
    return true;
}

static bool flow_map(tsk_yaml *y, node *out) {
    const char *start = y->r.p++;
    mapping m = mapping_new(y);
    for (;;) {
        node key, value;
        bool pair;
        if (!flow_skip(y, start)) return false;
        if (tsk_yaml_at(y, 0) == '}') break;
        const char *at = y->r.p;
        if (*at == ',') return tsk_read_fail(&y->r, at, "a key was expected");
        if (!flow_entry(y, start, &key, &value, &pair) || !add_entry(y, &m, &key, value.v, at) ||
            !flow_comma(y, start, '}'))
            return false;
    }
    y->r.p++;
    *out = (node){.v = mapping_end(y, &m)};
    return true;
}

/* ---- any node ---- */

/* A scalar, an alias or a flow collection at the cursor.  `indent` is -1 in flow collections. */
static bool content(tsk_yaml *y, int indent, bool flow, const properties *p, node *out) {
    uint64_t before = y->nodes++;
    char c = tsk_yaml_at(y, 0);
    if (c == '*') {
        if (p->tag || p->anchor.len) return tsk_read_fail(&y->r, y->r.p, "an alias has neither anchor nor tag");
        return alias(y, out);
    }
    begin_anchor(y, p);
    if (c == '[' || c == '{') {
        tsk_yaml_tag wanted = c == '[' ? TSK_YAML_SEQ : TSK_YAML_MAP;
        if (p->tag && p->tag != wanted) return tsk_read_fail(&y->r, y->r.p, "the value is not what its tag says");
        if (!tsk_read_enter(&y->r) || !(c == '[' ? flow_seq(y, out) : flow_map(y, out))) return false;
        y->r.depth--;
    } else {
        bool quoted = c == '"' || c == '\'', block = !flow && (c == '|' || c == '>');
        *out = (node){.scalar = true, .plain = !quoted && !block};
        if (!(quoted  ? tsk_yaml_quoted(y, indent, &out->raw)
              : block ? tsk_yaml_block_text(y, indent, &out->raw)
                      : tsk_yaml_plain(y, indent, flow, false, &out->raw)) ||
            !tsk_yaml_resolve(y, p->tag, out->plain, out->raw, &out->v))
            return false;
    }
    end_anchor(y, p, out->v, before);
    return true;
}

/* Nothing where a node could be: null, or an empty text when its tag says so. */
static bool nothing(tsk_yaml *y, const properties *p, node *out) {
    uint64_t before = y->nodes++;
    *out = (node){.scalar = true, .plain = true};
    if (!tsk_yaml_resolve(y, p->tag, true, (tsk_slice){"", 0}, &out->v)) return false;
    end_anchor(y, p, out->v, before);
    return true;
}

static bool flow_node(tsk_yaml *y, node *out) {
    properties p = {0};
    if (is_property(y)) {
        if (!read_properties(y, &p)) return false;
        skip(y);
        char c = tsk_yaml_at(y, 0);
        if (tsk_yaml_ended(y) || c == ',' || c == ']' || c == '}' || flow_colon(y, false)) return nothing(y, &p, out);
    }
    return content(y, -1, true, &p, out);
}

/* ---- blocks ---- */

/* Behind the node that begins at p, if that ends on the line; else NULL. */
static const char *over_flow(const char *p, const char *end) {
    for (uint32_t open = 0; p < end && !tsk_read_break(*p); p++) {
        if (*p == '[' || *p == '{') {
            open++;
        } else if (*p == ']' || *p == '}') {
            if (--open == 0) return p + 1;
        } else if (*p == '"' || *p == '\'') {
            char quote = *p++;
            while (p < end && *p != quote && !tsk_read_break(*p))
                p += *p == '\\' && quote == '"' && p + 1 < end ? 2 : 1;
            if (p >= end || *p != quote) return NULL;
            if (!open) return quote == '\'' && p + 1 < end && p[1] == '\'' ? over_flow(p + 1, end) : p + 1;
        }
    }
    return NULL;
}

/* The key of a block mapping stands at the cursor: a colon ends it on its line. */
static bool key_follows(const tsk_yaml *y) {
    const char *p = y->r.p, *end = y->r.end;
    while (p < end && (*p == '&' || *p == '!')) {
        while (p < end && !tsk_yaml_ends(*p)) p++;
        while (p < end && tsk_read_blank(*p)) p++;
    }
    if (p == end || *p == '|' || *p == '>') return false;
    if (*p == '"' || *p == '\'' || *p == '[' || *p == '{') {
        p = over_flow(p, end);
    } else if (*p == '*') {
        while (p < end && !tsk_yaml_ends(*p)) p++;
    } else {
        for (const char *start = p; p < end && !tsk_read_break(*p); p++) {
            if (*p == ':' && (p + 1 == end || tsk_yaml_ends(p[1]))) return true;
            if (*p == '#' && (p == start || tsk_read_blank(p[-1]))) return false;
        }
        return false;
    }
    if (!p) return false;
    while (p < end && tsk_read_blank(*p)) p++;
    return p < end && *p == ':' && (p + 1 == end || tsk_yaml_ends(p[1]));
}

/* A key on one line, over its colon. */
static bool block_key(tsk_yaml *y, node *out) {
    properties p = {0};
    if (!read_properties(y, &p)) return false;
    char c = tsk_yaml_at(y, 0);
    if (c == ':') {
        if (!nothing(y, &p, out)) return false;
    } else if (strchr("\"'[{*", c)) {
        if (!content(y, -1, false, &p, out)) return false;
    } else {
        uint64_t before = y->nodes++;
        *out = (node){.scalar = true, .plain = true};
        if (!tsk_yaml_plain(y, -1, false, true, &out->raw) || !tsk_yaml_resolve(y, p.tag, true, out->raw, &out->v))
            return false;
        end_anchor(y, &p, out->v, before);
    }
    while (tsk_read_blank(tsk_yaml_at(y, 0))) y->r.p++;
    return sign_at(y, ':') ? y->r.p++, true : tsk_read_fail(&y->r, y->r.p, "':' was expected after the key");
}

/* `? key` and, on a line of its own, `: value`. */
static bool explicit_entry(tsk_yaml *y, int column, node *key, node *value) {
    y->r.p++;
    if (!block_node(y, column, true, true, key)) return false;
    skip(y);
    *value = (node){.v = TSK_VALUE_NULL};
    if (tsk_yaml_ended(y) || tsk_yaml_column(y) != column || !sign_at(y, ':')) return true;
    y->r.p++;
    return block_node(y, column, true, true, value);
}

static bool no_such_indentation(tsk_yaml *y) {
    return tsk_read_fail(&y->r, y->r.p, "the indentation fits no collection that is open");
}

static bool block_map(tsk_yaml *y, node *out) {
    int column = tsk_yaml_column(y);
    mapping m = mapping_new(y);
    if (!tsk_read_enter(&y->r)) return false;
    do {
        node key, value;
        const char *at = y->r.p;
        if (!no_tabs(y)) return false;
        if (sign_at(y, '?')) {
            if (!explicit_entry(y, column, &key, &value)) return false;
        } else if (!key_follows(y)) {
            tsk_read_fail(&y->r, at, "a key was expected");
            return tsk_read_hint(&y->r, "write `key: value`, with a blank behind the colon");
        } else if (!block_key(y, &key) || !block_node(y, column, true, false, &value)) {
            return false;
        }
        if (!add_entry(y, &m, &key, value.v, at)) return false;
        skip(y);
    } while (!tsk_yaml_ended(y) && tsk_yaml_column(y) == column);
    if (!tsk_yaml_ended(y) && tsk_yaml_column(y) > column) return no_such_indentation(y);
    y->r.depth--;
    *out = (node){.v = mapping_end(y, &m)};
    return true;
}

/* `same`: it stands in the column of the key whose value it is, so another key may follow. */
static bool block_seq(tsk_yaml *y, bool same, node *out) {
    int column = tsk_yaml_column(y);
    tsk_array *items = tsk_array_new(y->r.arena, 4);
    if (!tsk_read_enter(&y->r)) return false;
    do {
        node item;
        if (!no_tabs(y)) return false;
        if (!sign_at(y, '-')) {
            if (same) break;
            return tsk_read_fail(&y->r, y->r.p, "'-' was expected before another item");
        }
        y->r.p++;
        if (!block_node(y, column, false, true, &item)) return false;
        tsk_array_push(y->r.arena, items, item.v);
        skip(y);
    } while (!tsk_yaml_ended(y) && tsk_yaml_column(y) == column);
    if (!tsk_yaml_ended(y) && tsk_yaml_column(y) > column) return no_such_indentation(y);
    y->r.depth--;
    *out = (node){.v = tsk_from_array(items)};
    return true;
}

/* A line has ended, and the next one belongs to something outside. */
static bool outside(const tsk_yaml *y, int indent, bool same) {
    int column = tsk_yaml_column(y);
    return tsk_yaml_ended(y) || column < indent || (column == indent && !(same && sign_at(y, '-')));
}

static bool block_collection(tsk_yaml *y, bool same, const properties *p, node *out) {
    uint64_t before = y->nodes++;
    bool seq = sign_at(y, '-');
    if (p->tag && p->tag != (seq ? TSK_YAML_SEQ : TSK_YAML_MAP))
        return tsk_read_fail(&y->r, y->r.p, "the value is not what its tag says");
    begin_anchor(y, p);
    if (!(seq ? block_seq(y, same, out) : block_map(y, out))) return false;
    end_anchor(y, p, out->v, before);
    return true;
}

/* The node behind an indicator: it is indented deeper than `indent`, but a sequence may stand in that column when
 * `same`.  A collection begins on a line of its own or, when `compact`, behind the indicator. */
static bool block_node(tsk_yaml *y, int indent, bool same, bool compact, node *out) {
    properties p = {0};
    bool ended = skip(y), fresh = ended || compact;
    if (ended && outside(y, indent, same)) return nothing(y, &p, out);
    if (y->r.p == y->r.end) return nothing(y, &p, out);
    if (is_property(y) && !(fresh && key_follows(y))) {
        if (!read_properties(y, &p)) return false;
        ended = skip(y);
        fresh = ended; /* a collection does not begin behind its properties */
        if (y->r.p == y->r.end || (ended && outside(y, indent, same))) return nothing(y, &p, out);
    }
    if (fresh && (sign_at(y, '-') || sign_at(y, '?') || key_follows(y)))
        return block_collection(y, same && tsk_yaml_column(y) == indent, &p, out);
    if (is_property(y)) return tsk_read_fail(&y->r, y->r.p, "an anchor or tag behind those of the same value");
    return content(y, indent, false, &p, out) && line_ends(y);
}

/* ---- documents ---- */

/* %YAML 1.2 and the like, up to the line with ---. */
static bool directives(tsk_yaml *y) {
    while (skip(y), tsk_yaml_at(y, 0) == '%' && y->r.p == y->line) {
        static const char known[] = "%YAML 1.";
        const char *start = y->r.p;
        while (y->r.p < y->r.end && !tsk_read_break(*y->r.p)) y->r.p++;
        size_t len = (size_t)(y->r.p - start);
        if (len < sizeof known || memcmp(start, known, sizeof known - 1) != 0)
            return tsk_read_fail(&y->r, start, "a directive other than %%YAML 1.2");
        skip(y);
        if (tsk_yaml_at(y, 0) != '%' && !(tsk_yaml_ended(y) && tsk_yaml_at(y, 0) == '-'))
            return tsk_read_fail(&y->r, y->r.p, "--- was expected after a directive");
    }
    return true;
}

/* False with *more: an error.  *more is false at the end of the text. */
static bool document(tsk_yaml *y, node *out, bool *more) {
    y->names = tsk_object_new(y->r.arena, 4);
    y->anchor_count = 0;
    if (!directives(y)) return false;
    while (tsk_yaml_ended(y) && tsk_yaml_at(y, 0) == '.') {
        y->r.p += 3;
        if (!line_ends(y) || !directives(y)) return false;
    }
    *more = y->r.p < y->r.end;
    if (!*more) return true;
    bool marked = tsk_yaml_ended(y);
    if (marked) y->r.p += 3;
    if (!block_node(y, -1, false, !marked, out)) return false;
    skip(y);
    return tsk_yaml_ended(y) || tsk_read_fail(&y->r, y->r.p, "something stands behind the document");
}

bool tsk_read_yaml(tsk_reader *r, tsk_value *out) {
    tsk_yaml y = {.r = *r, .line = r->p};
    tsk_array *documents = tsk_array_new(r->arena, 1);
    const char *control = tsk_read_control(r->p, r->end);
    if (control) return tsk_read_fail(r, control, "a control character");
    for (bool more = true; more;) {
        node n = {.v = TSK_VALUE_NULL};
        skip(&y);
        const char *at = y.r.p;
        if (!document(&y, &n, &more)) return false;
        if (!more) break;
        if (documents->count == 1 && !r->options.all) {
            tsk_read_fail(r, at, "a second document");
            return tsk_read_hint(r, "yaml_parse_all gives the list of all documents");
        }
        tsk_array_push(r->arena, documents, n.v);
    }
    *out = r->options.all ? tsk_from_array(documents) : documents->count ? documents->items[0] : TSK_VALUE_NULL;
    return true;
}
