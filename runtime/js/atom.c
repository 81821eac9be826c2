/* Atoms and symbols.
 *
 *   hash ─► table (open addressing) ─► atom        one for each name in the process, never freed
 *              └ grown: the old table stays, as a reader may still be in it; found without a lock, added under one
 *   number ─► pages ─► atom                        a string whose atom was found keeps the number, and is quick next time
 *
 *   Symbol.for, well-known ─► permanent
 *   Symbol(), #x ─┬ the first few of a context ─► permanent cells, lent: back in the list when the context ends
 *                 └ all others ─► cells of the context's heap, collected
 *
 * Shapes outlive heaps and are seen by no collector, so only a permanent symbol may be in one.  A class or a symbol
 * that is made once gets such a cell, and its objects have shapes; a function that makes new ones with every call
 * soon gets cells of the heap, and an object with one of those as a key has a dictionary, whose keys are traced
 * (tsk_js_shape_add refuses them).  A lent cell that is lent again has the shapes of its last life: no object has them
 * any more, since none leaves its context.
 *
 * The memory is bounded: when the budget is spent, adding fails and the caller throws.
 */
#include "runtime/js/string.h"

#include "runtime/base/utf8.h"
#include "runtime/js/object.h"
#include "runtime/js/realm.h"

#include <pthread.h>
#include <stdlib.h>

#define ATOM_BUDGET ((size_t)512 << 20) /* bytes */
#define PIECE ((size_t)64 << 10)
#define LENT 512u /* permanent symbols of a context, private names apart */

tsk_js_atom_names tsk_js_atoms;
tsk_js_symbol_names tsk_js_symbols;
tsk_js_string **tsk_js_atom_pages[TSK_JS_ATOM_PAGES];

typedef struct atom_table {
    uint32_t capacity, count;
    tsk_js_string *slots[];
} atom_table;

typedef struct registered {
    struct registered *next;
    tsk_js_symbol *symbol;
} registered;

static struct {
    pthread_mutex_t lock;
    atom_table *table; /* published with release */
    char *cur, *end;
    size_t spent;
    registered *symbols; /* of Symbol.for */
    tsk_js_symbol *idle; /* to lend */
} world = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* ---- memory that is never freed; under the lock ---- */

static void *permanent(size_t size) {
    size = (size + 15) & ~(size_t)15;
    if (size > (size_t)(world.end - world.cur)) {
        size_t want = size > PIECE ? size : PIECE;
        if (want > ATOM_BUDGET - world.spent) return NULL;
        char *piece = tsk_mem_alloc(&tsk_allocator_default, want);
        if (!piece) return NULL;
        world.spent += want;
        if (size > PIECE) {
            memset(piece, 0, size);
            return piece;
        }
        world.cur = piece;
        world.end = piece + want;
    }
    void *p = world.cur;
    world.cur += size;
    memset(p, 0, size);
    return p;
}

/* ---- looking up ---- */

/* What is looked for: a text as a flat string has it. */
typedef struct text {
    const void *chars;
    uint32_t length, hash;
    bool wide;
} text;

static uint32_t unit_of(const text *t, uint32_t i) {
    return t->wide ? ((const uint16_t *)t->chars)[i] : ((const uint8_t *)t->chars)[i];
}

static bool is_text(const tsk_js_string *atom, const text *t) {
    if (atom->cell.word != t->hash || atom->length != t->length) return false;
    if (tsk_js_is_wide(atom) == t->wide) return tsk_js_same_bytes(atom->chars, t->chars, (size_t)t->length << t->wide);
    for (uint32_t i = 0; i < t->length; i++)
        if (tsk_js_unit(atom, i) != unit_of(t, i)) return false;
    return true;
}

static tsk_js_string *find(const atom_table *table, const text *t) {
    if (!table) return NULL;
    for (uint32_t i = t->hash & (table->capacity - 1);; i = (i + 1) & (table->capacity - 1)) {
        tsk_js_string *atom = __atomic_load_n(&table->slots[i], __ATOMIC_ACQUIRE);
        if (!atom || is_text(atom, t)) return atom;
    }
}

/* ---- adding; under the lock ---- */

static void put(atom_table *table, tsk_js_string *atom) {
    uint32_t i = atom->cell.word & (table->capacity - 1);
    while (table->slots[i]) i = (i + 1) & (table->capacity - 1);
    __atomic_store_n(&table->slots[i], atom, __ATOMIC_RELEASE);
    table->count++;
}

static atom_table *table_with_room(void) {
    atom_table *table = world.table;
    if (table && table->count * 2 < table->capacity) return table;
    uint32_t capacity = table ? table->capacity * 2 : 1024;
    atom_table *bigger = permanent(sizeof *bigger + capacity * sizeof *bigger->slots);
    if (!bigger) return NULL;
    bigger->capacity = capacity;
    for (uint32_t i = 0; table && i < table->capacity; i++)
        if (table->slots[i]) put(bigger, table->slots[i]);
    __atomic_store_n(&world.table, bigger, __ATOMIC_RELEASE);
    return bigger;
}

/* Without one (0) the atom is as good, only slower to come by. */
static uint32_t number_for(tsk_js_string *atom) {
    uint32_t number = world.table->count, page = number / TSK_JS_ATOM_PAGE;
    if (page >= TSK_JS_ATOM_PAGES) return 0;
    tsk_js_string **atoms = tsk_js_atom_pages[page];
    if (!atoms) {
        if (!(atoms = permanent(TSK_JS_ATOM_PAGE * sizeof *atoms))) return 0;
        __atomic_store_n(&tsk_js_atom_pages[page], atoms, __ATOMIC_RELEASE);
    }
    atoms[number % TSK_JS_ATOM_PAGE] = atom;
    return number + 1;
}

static tsk_js_string *make(const text *t) {
    size_t size = offsetof(tsk_js_string, data) + ((size_t)t->length << t->wide);
    tsk_js_string *atom = permanent(size);
    if (!atom) return NULL;
    atom->cell.kind = TSK_JS_KIND_STRING;
    atom->cell.mark = TSK_HEAP_PERMANENT;
    atom->cell.flags = (uint8_t)(TSK_JS_ATOM | (t->wide ? TSK_JS_WIDE : 0));
    atom->cell.word = t->hash;
    atom->length = t->length;
    atom->chars = atom->data;
    memcpy(atom->data, t->chars, (size_t)t->length << t->wide);
    atom->atom = number_for(atom);
    return atom;
}

static tsk_js_string *find_or_add(const text *t) {
    tsk_js_string *atom = find(__atomic_load_n(&world.table, __ATOMIC_ACQUIRE), t);
    if (TSK_LIKELY(atom != NULL)) return atom;
    pthread_mutex_lock(&world.lock);
    atom = find(world.table, t);
    if (!atom) {
        atom_table *table = table_with_room();
        if (table && (atom = make(t))) put(table, atom);
    }
    pthread_mutex_unlock(&world.lock);
    return atom;
}

static text text_of(tsk_js *js, tsk_js_string *s) {
    return (text){s->chars, s->length, tsk_js_string_hash(js, s), tsk_js_is_wide(s)};
}

static tsk_js_string *remembered(tsk_js_string *s, tsk_js_string *atom) {
    if (atom) __atomic_store_n(&s->atom, atom->atom, __ATOMIC_RELEASE);
    return atom;
}

tsk_js_string *tsk_js_atom(tsk_js *js, tsk_js_string *s) {
    s = tsk_js_flat(js, s);
    tsk_js_string *atom = tsk_js_atom_known(s);
    if (atom) return atom;
    text t = text_of(js, s);
    return remembered(s, find_or_add(&t));
}

tsk_js_string *tsk_js_atom_find(tsk_js *js, tsk_js_string *s) {
    s = tsk_js_flat(js, s);
    tsk_js_string *atom = tsk_js_atom_known(s);
    if (atom) return atom;
    text t = text_of(js, s);
    return remembered(s, find(__atomic_load_n(&world.table, __ATOMIC_ACQUIRE), &t));
}

static bool is_narrow(const char *utf8, size_t len) {
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)utf8[i] > 0xC3) return false;
    return true;
}

tsk_js_string *tsk_js_atom_utf8(const char *utf8, size_t len) {
    enum { SMALL = 256 };
    uint16_t small[SMALL], *units = small;
    if (tsk_utf8_ascii_prefix(utf8, len) == len) {
        text t = {utf8, (uint32_t)len, tsk_js_hash_units(utf8, len, false), false};
        return find_or_add(&t);
    }
    if (len > SMALL && !(units = tsk_mem_alloc(&tsk_allocator_default, len * sizeof *units))) return NULL;
    bool wide = !is_narrow(utf8, len);
    size_t length = tsk_js_decode_utf8(utf8, len, wide, units);
    text t = {units, (uint32_t)length, tsk_js_hash_units(units, length, wide), wide};
    tsk_js_string *atom = find_or_add(&t);
    if (units != small) tsk_mem_free(&tsk_allocator_default, units, len * sizeof *units);
    return atom;
}

/* ---- symbols ---- */

static tsk_js_symbol *symbol_in(tsk_js_string *description) {
    tsk_js_symbol *s = permanent(sizeof *s);
    if (!s) return NULL;
    s->cell.kind = TSK_JS_KIND_SYMBOL;
    s->cell.mark = TSK_HEAP_PERMANENT;
    s->description = description;
    return s;
}

static tsk_js_symbol *new_symbol(tsk_js_string *description) {
    pthread_mutex_lock(&world.lock);
    tsk_js_symbol *s = symbol_in(description);
    pthread_mutex_unlock(&world.lock);
    return s;
}

/* NULL: this context has its share, or the budget is spent. */
static tsk_js_symbol *borrow(tsk_js *js, bool is_private) {
    if (js->lent_count[is_private] == LENT) return NULL;
    pthread_mutex_lock(&world.lock);
    tsk_js_symbol *s = world.idle;
    if (s)
        world.idle = s->next;
    else
        s = symbol_in(NULL);
    pthread_mutex_unlock(&world.lock);
    if (!s) return NULL;
    js->lent_count[is_private]++;
    s->next = js->lent;
    return js->lent = s;
}

tsk_js_symbol *tsk_js_symbol_new(tsk_js *js, tsk_js_string *description, bool is_private) {
    if (description) description = tsk_js_flat(js, description);
    tsk_js_symbol *s = borrow(js, is_private);
    if (!s) s = (tsk_js_symbol *)tsk_heap_alloc(js->heap, sizeof *s, TSK_JS_KIND_SYMBOL);
    s->is_private = is_private;
    TSK_HEAP_STORE(js->heap, s, description, description);
    return s;
}

void tsk_js_symbols_visit_lent(const tsk_js *js, tsk_heap *heap) {
    for (const tsk_js_symbol *s = js->lent; s; s = s->next) tsk_heap_visit(heap, s->description);
}

/* The one that was lent first is the first to be lent again: the same program finds the shapes it had. */
void tsk_js_symbols_give_back(tsk_js *js) {
    pthread_mutex_lock(&world.lock);
    for (tsk_js_symbol *s = js->lent, *next; s; s = next) {
        next = s->next;
        s->description = NULL;
        s->next = world.idle;
        world.idle = s;
    }
    pthread_mutex_unlock(&world.lock);
    js->lent = NULL;
}

tsk_js_symbol *tsk_js_symbol_for(tsk_js *js, tsk_js_string *key) {
    tsk_js_string *name = tsk_js_atom(js, key);
    tsk_js_symbol *found = NULL;
    pthread_mutex_lock(&world.lock);
    for (const registered *r = world.symbols; r && !found; r = r->next)
        if (r->symbol->description == name) found = r->symbol;
    if (!found && name) {
        registered *r = permanent(sizeof *r);
        if (r && (found = symbol_in(name))) {
            found->registered = true;
            *r = (registered){world.symbols, found};
            world.symbols = r;
        }
    }
    pthread_mutex_unlock(&world.lock);
    if (!found) tsk_js_throw_range(js, "Out of memory");
    return found;
}

/* ---- the predefined ones ---- */

static bool predefined_are_made;

static void make_predefined(void) {
    bool all = true;
#define X(name, string) all &= (tsk_js_atoms.name = tsk_js_atom_utf8(string, sizeof string - 1)) != NULL;
#include "runtime/js/atoms.def"
#undef X
#define X(name)                                                                                                        \
    all &= (tsk_js_symbols.name = new_symbol(tsk_js_atom_utf8("Symbol." #name, sizeof "Symbol." #name - 1))) != NULL;
#include "runtime/js/symbols.def"
#undef X
    predefined_are_made = all && tsk_js_make_char_strings();
}

bool tsk_js_atoms_init(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make_predefined);
    return predefined_are_made;
}

/* ---- keys ---- */

/* A canonical array index, "0" to "4294967294". */
static bool is_index(const tsk_js_string *s, uint32_t *index) {
    uint64_t n = 0;
    if (!s->length || s->length > 10) return false;
    uint32_t first = tsk_js_unit(s, 0);
    if (first < '0' || first > '9' || (first == '0' && s->length > 1)) return false;
    for (uint32_t i = 0; i < s->length; i++) {
        uint32_t unit = tsk_js_unit(s, i);
        if (unit < '0' || unit > '9') return false;
        n = n * 10 + (unit - '0');
    }
    *index = (uint32_t)n;
    return n < UINT32_MAX;
}

static bool key_of_string(tsk_js *js, tsk_js_string *s, tsk_js_key *key) {
    uint32_t index;
    s = tsk_js_flat(js, s);
    if (s->length && tsk_js_unit(s, 0) - '0' < 10 && is_index(s, &index)) {
        *key = tsk_js_key_index(index);
        return true;
    }
    tsk_js_string *atom = tsk_js_atom(js, s);
    if (!atom) {
        tsk_js_throw_range(js, "Too many different property names");
        return false;
    }
    *key = tsk_js_key_atom(atom);
    return true;
}

bool tsk_js_to_key(tsk_js *js, tsk_value v, tsk_js_key *key) {
    if (tsk_is_i32(v) && tsk_as_i32(v) >= 0) {
        *key = tsk_js_key_index((uint32_t)tsk_as_i32(v));
        return true;
    }
    if (TSK_LIKELY(tsk_js_is_string(v))) return key_of_string(js, tsk_js_as_string(v), key);
    if (tsk_js_is_object(v)) {
        v = tsk_js_to_primitive(js, v, TSK_JS_HINT_STRING);
        if (tsk_js_is_thrown(v)) return false;
    }
    if (tsk_js_is_symbol(v)) {
        *key = tsk_js_key_symbol(tsk_js_as_symbol(v));
        return true;
    }
    tsk_js_string *s = tsk_js_to_string(js, v);
    return s && key_of_string(js, s, key);
}

tsk_value tsk_js_key_value(tsk_js *js, tsk_js_key key) {
    if (!tsk_js_key_is_index(key)) return (tsk_value){key.bits};
    tsk_js_string *s = tsk_js_to_string(js, tsk_js_number(tsk_js_key_as_index(key)));
    return s ? tsk_js_from_string(s) : TSK_JS_THROWN;
}
