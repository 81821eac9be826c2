/* Shapes: which properties objects have and where.  Shared by all contexts of the process.
 *
 *   root (class, base, inline slots) ─key─► shape ─key─► shape ...        one step for each property added
 *
 *   all steps are in one table: (parent, key, attributes) -> shape; a step that exists is found without a lock
 *   shape_at: number ─► pages of shapes
 *
 * Invariants
 *  - A shape is complete before its number or address can be seen, and never changes or goes away, but for `table`
 *    and `wanted`.
 *  - Keys are permanent: atoms, and symbols that are (atom.c).
 *  - Readers of the table of steps may see an older one: what they do not find there is looked for again under the
 *    lock.  Older tables stay until the process ends; together they are smaller than the newest.
 */
#include "runtime/js/model.h"

#include <pthread.h>
#include <stdlib.h>

#define PAGE 1024u
#define PAGES 256u
#define MAX_SHAPES (PAGE * PAGES) /* the budget of the process */
#define MAX_ADDED 64u             /* properties beyond the inline ones */
#define MAX_ADDED_SPECIAL 1024u   /* of the outermost scope: its names are looked up all the time */
#define SEARCH_WITHOUT_TABLE 8u

typedef struct steps {
    struct steps *older;
    uint32_t mask;
    uint32_t used;
    tsk_js_shape *slots[];
} steps;

typedef struct place_table {
    uint32_t mask;
    const tsk_js_shape *slots[]; /* each stands for its last property */
} place_table;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static steps *all_steps;
static tsk_js_shape *pages[PAGES];
static uint32_t shape_count = TSK_JS_DICTIONARY + 1; /* numbers given; 0 and the dictionary's are no shapes */

static uint32_t mix(uint64_t a, uint64_t b) {
    uint64_t h = tsk_hash_mix(a ^ tsk_hash_seed, b ^ 0x9E3779B97F4A7C15ull);
    return (uint32_t)(h ^ (h >> 32));
}

/* ---- steps ---- */

static uint32_t step_hash(const tsk_js_shape *parent, tsk_js_key key, uint32_t attributes) {
    return mix((uint64_t)(uintptr_t)parent ^ (uint64_t)attributes << 56, key.bits);
}

/* Roots have no parent; their key is made of what they are for, and is none that a property can have. */
static tsk_js_key root_key(tsk_js_class c, uint16_t base, uint16_t inline_slots) {
    return (tsk_js_key){(uint64_t)c << 32 | (uint64_t)base << 16 | inline_slots};
}

static tsk_js_shape *find_step(const steps *t, const tsk_js_shape *parent, tsk_js_key key, uint32_t attributes) {
    if (!t) return NULL;
    for (uint32_t i = step_hash(parent, key, attributes);; i++) {
        tsk_js_shape *s = __atomic_load_n(&t->slots[i & t->mask], __ATOMIC_ACQUIRE);
        if (!s) return NULL;
        if (s->parent == parent && s->key.bits == key.bits && s->place.attributes == attributes) return s;
    }
}

static void put_step(steps *t, tsk_js_shape *s) {
    uint32_t i = step_hash(s->parent, s->key, s->place.attributes);
    while (t->slots[i & t->mask]) i++;
    __atomic_store_n(&t->slots[i & t->mask], s, __ATOMIC_RELEASE);
    t->used++;
}

static steps *room_for_step(void) {
    steps *t = all_steps;
    if (t && t->used * 2 <= t->mask) return t;
    uint32_t size = t ? (t->mask + 1) * 2 : 2048;
    steps *larger = (steps *)calloc(1, sizeof *larger + size * sizeof larger->slots[0]);
    if (!larger) return NULL;
    larger->mask = size - 1;
    larger->older = t;
    for (uint32_t i = 0; t && i <= t->mask; i++)
        if (t->slots[i]) put_step(larger, t->slots[i]);
    __atomic_store_n(&all_steps, larger, __ATOMIC_RELEASE);
    return larger;
}

/* Under the lock; NULL: the budget is spent or there is no memory. */
static tsk_js_shape *new_shape(void) {
    uint32_t number = shape_count;
    if (number >= MAX_SHAPES) return NULL;
    tsk_js_shape *page = pages[number / PAGE];
    if (!page) {
        page = (tsk_js_shape *)calloc(PAGE, sizeof *page);
        if (!page) return NULL;
        __atomic_store_n(&pages[number / PAGE], page, __ATOMIC_RELEASE);
    }
    tsk_js_shape *s = &page[number % PAGE];
    s->number = number;
    shape_count++;
    return s;
}

tsk_js_shape *tsk_js_shape_at(uint32_t number) {
    return &__atomic_load_n(&pages[number / PAGE], __ATOMIC_ACQUIRE)[number % PAGE];
}

tsk_js_shape *tsk_js_shape_class_root(tsk_js_class c, uint16_t base, uint16_t inline_slots) {
    tsk_js_key key = root_key(c, base, inline_slots);
    tsk_js_shape *s = find_step(__atomic_load_n(&all_steps, __ATOMIC_ACQUIRE), NULL, key, 0);
    if (s) return s;
    pthread_mutex_lock(&lock);
    steps *t = room_for_step();
    s = find_step(t, NULL, key, 0);
    if (t && !s && (s = new_shape())) {
        s->base = base;
        s->inline_slots = inline_slots;
        s->key = key;
        s->cls = (uint8_t)c;
        put_step(t, s);
    }
    pthread_mutex_unlock(&lock);
    return s;
}

tsk_js_shape *tsk_js_class_roots[TSK_JS_BOUND + 1];

const tsk_js_shape *tsk_js_class_root_made(tsk_js_class c, size_t fields) {
    tsk_js_shape *shape = tsk_js_shape_class_root(c, (uint16_t)fields, 0);
    __atomic_store_n(&tsk_js_class_roots[c], shape, __ATOMIC_RELEASE);
    return shape;
}

tsk_js_shape *tsk_js_shape_root(uint16_t base, uint16_t inline_slots) {
    return tsk_js_shape_class_root(TSK_JS_ORDINARY, base, inline_slots);
}

tsk_js_shape *tsk_js_shape_root_of(tsk_js_shape *shape) {
    return tsk_js_shape_class_root((tsk_js_class)shape->cls, shape->base, shape->inline_slots);
}

static void fill_step(tsk_js_shape *s, tsk_js_shape *parent, tsk_js_key key, uint32_t attributes) {
    uint32_t i = parent->count;
    s->count = i + 1;
    s->base = parent->base;
    s->inline_slots = parent->inline_slots;
    s->symbols = parent->symbols + tsk_js_key_is_symbol(key);
    s->cls = parent->cls;
    s->parent = parent;
    s->key = key;
    s->place.attributes = attributes;
    s->place.offset = i < s->inline_slots ? (int32_t)(s->base + i * sizeof(tsk_value))
                                          : ~(int32_t)(i - s->inline_slots);
}

static bool is_permanent(tsk_js_key key) {
    return ((const tsk_heap_cell *)tsk_ptr((tsk_value){key.bits}))->mark & TSK_HEAP_PERMANENT;
}

tsk_js_shape *tsk_js_shape_add(tsk_js_shape *shape, tsk_js_key key, uint32_t attributes) {
    tsk_js_shape *s = find_step(__atomic_load_n(&all_steps, __ATOMIC_ACQUIRE), shape, key, attributes);
    if (s) return s;
    if (!is_permanent(key)) return NULL;
    uint32_t limit = shape->cls == TSK_JS_GLOBAL ? MAX_ADDED_SPECIAL : MAX_ADDED;
    if (shape->count >= shape->inline_slots + limit) return NULL;
    if (attributes & TSK_JS_ACCESSOR || !(attributes & TSK_JS_WRITABLE)) tsk_js_mark_special(key);
    pthread_mutex_lock(&lock);
    steps *t = room_for_step();
    s = find_step(t, shape, key, attributes);
    if (t && !s && (s = new_shape())) {
        fill_step(s, shape, key, attributes);
        put_step(t, s);
    }
    pthread_mutex_unlock(&lock);
    return s;
}

tsk_js_shape *tsk_js_shape_change(tsk_js_shape *shape, tsk_js_attribute_change *change, void *context) {
    const tsk_js_shape **chain = (const tsk_js_shape **)malloc((shape->count + 1) * sizeof(void *));
    if (!chain) return NULL;
    uint32_t n = shape->count;
    for (const tsk_js_shape *s = shape; s->parent; s = s->parent) chain[--n] = s;
    tsk_js_shape *to = tsk_js_shape_root_of(shape);
    for (uint32_t i = 0; to && i < shape->count; i++)
        to = tsk_js_shape_add(to, chain[i]->key, change(context, chain[i]->key, chain[i]->place.attributes));
    free(chain);
    return to;
}

/* ---- finding a property ---- */

static place_table *make_table(const tsk_js_shape *shape) {
    uint32_t size = 16;
    while (size < shape->count * 2) size *= 2;
    place_table *t = (place_table *)calloc(1, sizeof *t + size * sizeof t->slots[0]);
    if (!t) return NULL;
    t->mask = size - 1;
    for (const tsk_js_shape *s = shape; s->parent; s = s->parent) {
        uint32_t i = mix(s->key.bits, 0);
        while (t->slots[i & t->mask]) i++;
        t->slots[i & t->mask] = s;
    }
    return t;
}

static place_table *publish_table(tsk_js_shape *shape) {
    place_table *t = make_table(shape);
    if (!t) return NULL;
    void *there = NULL;
    if (__atomic_compare_exchange_n(&shape->table, &there, (void *)t, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        return t;
    free(t);
    return (place_table *)there;
}

static const tsk_js_shape *search_table(const place_table *t, tsk_js_key key) {
    for (uint32_t i = mix(key.bits, 0);; i++) {
        const tsk_js_shape *s = t->slots[i & t->mask];
        if (!s || s->key.bits == key.bits) return s;
    }
}

bool tsk_js_shape_find(const tsk_js_shape *shape, tsk_js_key key, tsk_js_place *place) {
    const tsk_js_shape *s = shape;
    if (shape->count > SEARCH_WITHOUT_TABLE) {
        tsk_js_shape *writable = (tsk_js_shape *)(uintptr_t)shape;
        place_table *t = (place_table *)__atomic_load_n(&writable->table, __ATOMIC_ACQUIRE);
        /* Shapes on the way to a larger one are searched a few times only: they get no table. */
        if (!t && __atomic_add_fetch(&writable->wanted, 1, __ATOMIC_RELAXED) > SEARCH_WITHOUT_TABLE)
            t = publish_table(writable);
        if (t) {
            s = search_table(t, key);
            if (s) *place = s->place;
            return s != NULL;
        }
    }
    for (; s->parent; s = s->parent) {
        if (s->key.bits != key.bits) continue;
        *place = s->place;
        return true;
    }
    return false;
}
