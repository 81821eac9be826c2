/* XML through Expat, which is loaded on first use.
 *
 *   <server port="80"><name>a</name><tag>x</tag><tag>y</tag>text</server>
 *   {server: {"@port": "80", name: "a", tag: ["x", "y"], "#text": "text"}}
 *
 * An element with neither attributes nor elements is its text; elements that repeat under one parent are a list where
 * the first one stood.  Blanks around the text of an element that holds others are not kept, nor are comments,
 * processing instructions, and where the text stood between elements.  Names keep their prefixes.  Entities are never
 * declared: a document type that declares one is refused, so nothing is fetched and nothing expands. */
#define TSK_USE_EXPAT
#include "runtime/base/library_api.h"
#include "runtime/formats/internal.h"

#include <stdlib.h>

typedef struct element {
    struct element *parent;
    const char *name;
    tsk_object *parts; /* attributes, then elements */
    tsk_buf text;
    bool elements;
} element;

typedef struct xml {
    tsk_reader *r;
    const tsk_expat_api *api;
    XML_Parser parser;
    element *open;
    tsk_value root;
    const char *name; /* of the root */
    bool failed;
} xml;

/* ---- Expat's memory is the arena's: nothing is lost when an allocation leaves by the trap ---- */

static _Thread_local tsk_arena *memory;

static void *take(size_t size) {
    size_t *p = tsk_arena_alloc(memory, size + 16);
    *p = size;
    return (char *)p + 16;
}

static void *resize(void *ptr, size_t size) {
    if (!ptr) return take(size);
    size_t *p = (void *)((char *)ptr - 16), old = *p;
    if (old >= size) return ptr;
    p = tsk_arena_grow(memory, p, old + 16, size + 16);
    *p = size;
    return (char *)p + 16;
}

static void release(void *ptr) {
    (void)ptr;
}

/* ---- events ---- */

static void fail(xml *x, const char *message, const char *hint) {
    if (x->failed) return;
    x->failed = true;
    long at = (long)x->api->XML_GetCurrentByteIndex_(x->parser);
    tsk_read_fail(x->r, x->r->p + (at > 0 ? at : 0), "%s", message);
    x->r->problem->hint = hint;
    x->api->XML_StopParser_(x->parser, XML_FALSE);
}

static void XMLCALL start_element(void *user, const char *name, const char **attributes) {
    xml *x = user;
    tsk_arena *arena = x->r->arena;
    if (x->failed) return;
    if (!tsk_read_enter(x->r)) {
        fail(x, x->r->problem->message, NULL);
        return;
    }
    element *e = TSK_NEW(arena, element);
    *e = (element){
        .parent = x->open, .name = tsk_arena_strdup(arena, name, strlen(name)), .parts = tsk_object_new(arena, 4)};
    tsk_buf_init(&e->text, arena);
    for (; *attributes; attributes += 2) {
        const char *key = tsk_arena_printf(arena, "@%s", attributes[0]);
        tsk_object_set(arena, e->parts, key, (uint32_t)strlen(key), tsk_str_cstr(arena, attributes[1]));
    }
    x->open = e;
}

static tsk_value element_value(xml *x, element *e) {
    tsk_slice text = tsk_read_taken(&e->text);
    if (!e->parts->count) return tsk_read_text(x->r, text);
    while (e->elements && text.len && (uint8_t)*text.ptr <= ' ') text.ptr++, text.len--;
    while (e->elements && text.len && (uint8_t)text.ptr[text.len - 1] <= ' ') text.len--;
    if (text.len) tsk_object_put(x->r->arena, e->parts, "#text", tsk_read_text(x->r, text));
    return tsk_from_object(e->parts);
}

static void add_child(xml *x, element *parent, const char *name, tsk_value v) {
    uint32_t len = (uint32_t)strlen(name);
    bool added;
    tsk_entry *slot = tsk_object_slot(x->r->arena, parent->parts, name, len, tsk_hash(name, len), &added);
    parent->elements = true;
    if (added) {
        slot->value = v;
        return;
    }
    if (!tsk_is_array(slot->value)) { /* values of elements are never lists */
        tsk_array *list = tsk_array_new(x->r->arena, 4);
        tsk_array_push(x->r->arena, list, slot->value);
        slot->value = tsk_from_array(list);
    }
    tsk_array_push(x->r->arena, tsk_as_array(slot->value), v);
}

static void XMLCALL end_element(void *user, const char *name __attribute__((unused))) {
    xml *x = user;
    if (x->failed) return;
    element *e = x->open;
    tsk_value v = element_value(x, e);
    x->r->depth--;
    x->open = e->parent;
    if (e->parent) {
        add_child(x, e->parent, e->name, v);
    } else {
        x->root = v;
        x->name = e->name;
    }
}

static void XMLCALL characters(void *user, const char *text, int len) {
    xml *x = user;
    if (!x->failed && x->open) tsk_buf_add(&x->open->text, text, (size_t)len);
}

static void XMLCALL entity_declared(void *user, const char *name, int is_parameter, const char *value, int len,
                                    const char *base, const char *system, const char *public, const char *notation) {
    (void)name, (void)is_parameter, (void)value, (void)len, (void)base, (void)system, (void)public, (void)notation;
    fail(user, "an entity is declared", "write its text where it is used");
}

static void XMLCALL entity_skipped(void *user, const char *name, int is_parameter) {
    (void)name;
    if (!is_parameter) fail(user, "an entity that is not known", "known are &amp; &lt; &gt; &quot; &apos; and numbers");
}

bool tsk_read_xml(tsk_reader *r, tsk_value *out) {
    xml x = {.r = r};
    tsk_library_error missing;
    if (!tsk_library_expat(&x.api, &missing)) {
        tsk_read_fail(r, r->p, "%s is not installed", missing.file);
        r->problem->code = TSK_E_LIBRARY_MISSING;
        return tsk_read_hint(r, "install the package %s", missing.package);
    }
    static const XML_Memory_Handling_Suite suite = {take, resize, release};
    memory = r->arena;
    x.parser = x.api->XML_ParserCreate_MM_("UTF-8", &suite, NULL);
    if (!x.parser) return tsk_read_fail(r, r->p, "%s refuses to work", missing.file);
    x.api->XML_SetUserData_(x.parser, &x);
    x.api->XML_SetElementHandler_(x.parser, start_element, end_element);
    x.api->XML_SetCharacterDataHandler_(x.parser, characters);
    x.api->XML_SetEntityDeclHandler_(x.parser, entity_declared);
    x.api->XML_SetSkippedEntityHandler_(x.parser, entity_skipped);
    enum XML_Status status = x.api->XML_Parse_(x.parser, r->p, (int)(r->end - r->p), 1);
    if (x.failed) return false;
    if (status != XML_STATUS_OK) {
        const char *why = x.api->XML_ErrorString_(x.api->XML_GetErrorCode_(x.parser));
        fail(&x, why ? why : "malformed", NULL);
        return false;
    }
    tsk_object *o = tsk_object_new(r->arena, 1);
    tsk_object_set(r->arena, o, x.name, (uint32_t)strlen(x.name), x.root);
    *out = tsk_from_object(o);
    return true;
}
