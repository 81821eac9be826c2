/* console.table: rows are the entries of an object, columns the keys of what is in them.
 *
 *   ┌─────────┬───┐
 *   │ (index) │ a │     cells are values on one line; primitive rows have a column "Values"
 *   ├─────────┼───┤
 */
#include "runtime/builtins/inspect.h"
#include "runtime/js/collections.h"

typedef struct column {
    const char *name;
    const char **cells; /* NULL: empty */
} column;

typedef struct table {
    tsk_js *js;
    column *columns;
    uint32_t count, room, rows;
} table;

static const char *cell_of(tsk_js *js, tsk_value v) {
    enum { FEW_KEYS = 2, FEW_ITEMS = 3 };
    tsk_js_inspect_options options = {.depth = 0, .items = FEW_ITEMS, .one_line = true};
    tsk_buf text;
    if (tsk_js_is_object(v) && !tsk_js_is_array(v) && !tsk_js_is_callable(v)) {
        const tsk_js_array *keys = tsk_js_own_keys(js, tsk_js_as_object(v),
                                                   TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_ENUMERABLE);
        if (keys && keys->length > FEW_KEYS) options.depth = -1;
    }
    tsk_buf_init(&text, js->scratch);
    tsk_js_inspect(js, v, options, &text);
    tsk_buf_char(&text, 0);
    return text.ptr;
}

static uint32_t add_column(table *t, const char *name) {
    if (t->count == t->room) {
        uint32_t room = t->room ? 2 * t->room : 8;
        t->columns = (column *)tsk_arena_grow(t->js->scratch, t->columns, t->room * sizeof *t->columns,
                                              room * sizeof *t->columns);
        t->room = room;
    }
    const char **cells = TSK_NEW_ARRAY(t->js->scratch, const char *, t->rows + 1);
    memset((void *)cells, 0, (t->rows + 1) * sizeof *cells);
    t->columns[t->count] = (column){name, cells};
    return t->count++;
}

static const char *utf8_of(tsk_js *js, tsk_js_string *s) {
    tsk_buf text;
    tsk_buf_init(&text, js->scratch);
    tsk_js_string_to_utf8(js, s, &text, true);
    tsk_buf_char(&text, 0);
    return text.ptr;
}

/* ---- drawing ---- */

static void put_repeated(tsk_buf *out, const char *text, unsigned count) {
    while (count--) tsk_buf_cstr(out, text);
}

static void put_rule(const table *t, const unsigned *widths, const char *left, const char *middle, const char *right,
                     tsk_buf *out) {
    for (uint32_t i = 0; i < t->count; i++) {
        tsk_buf_cstr(out, i ? middle : left);
        put_repeated(out, "─", widths[i] + 2);
    }
    tsk_buf_cstr(out, right);
}

/* Row 0 is that of the names. */
static void put_row(const table *t, const unsigned *widths, uint32_t row, tsk_buf *out) {
    for (uint32_t i = 0; i < t->count; i++) {
        const char *cell = row ? t->columns[i].cells[row - 1] : t->columns[i].name;
        if (!cell) cell = "";
        tsk_buf_printf(out, "│ %s", cell);
        put_repeated(out, " ", widths[i] - tsk_js_inspect_columns(cell) + 1);
    }
    tsk_buf_cstr(out, "│\n");
}

static void draw(const table *t, tsk_buf *out) {
    unsigned *widths = TSK_NEW_ARRAY(t->js->scratch, unsigned, t->count + 1);
    for (uint32_t i = 0; i < t->count; i++) {
        widths[i] = tsk_js_inspect_columns(t->columns[i].name);
        for (uint32_t row = 0; row < t->rows; row++) {
            const char *cell = t->columns[i].cells[row];
            unsigned width = cell ? tsk_js_inspect_columns(cell) : 0;
            if (width > widths[i]) widths[i] = width;
        }
    }
    put_rule(t, widths, "┌", "┬", "┐\n", out);
    put_row(t, widths, 0, out);
    put_rule(t, widths, "├", "┼", "┤\n", out);
    for (uint32_t row = 1; row <= t->rows; row++) put_row(t, widths, row, out);
    put_rule(t, widths, "└", "┴", "┘", out);
}

/* ---- gathering ---- */

/* A Map or a Set: the entries are the rows. */
static void gather_map(table *t, const tsk_js_map *m) {
    bool is_map = m->object.cell.aux == TSK_JS_MAP;
    t->rows = tsk_js_map_size(m);
    uint32_t index = add_column(t, "(iteration index)"), key = is_map ? add_column(t, "Key") : 0;
    uint32_t value = add_column(t, "Values"), position = 0;
    tsk_js_table *entries = m->table;
    const tsk_js_entry *e;
    for (uint32_t row = 0; row < t->rows && (e = tsk_js_map_next(m, &entries, &position)) != NULL; row++) {
        tsk_value k = e->key, v = is_map ? e->value : e->key;
        t->columns[index].cells[row] = cell_of(t->js, tsk_from_i32((int32_t)row));
        if (is_map) t->columns[key].cells[row] = cell_of(t->js, k);
        t->columns[value].cells[row] = cell_of(t->js, v);
    }
}

/* The number of the column of a key, made when it is new; `known` has the numbers.  UINT32_MAX: thrown. */
static uint32_t column_of(table *t, tsk_js_object *known, tsk_value name, tsk_js_key *key) {
    if (!tsk_js_to_key(t->js, name, key)) return UINT32_MAX;
    tsk_value number = tsk_js_get(t->js, known, *key);
    if (tsk_is_i32(number)) return (uint32_t)tsk_as_i32(number);
    tsk_js_string *text = tsk_js_to_string(t->js, name);
    if (!text) return UINT32_MAX;
    uint32_t at = add_column(t, utf8_of(t->js, text));
    return tsk_js_define(t->js, known, *key, tsk_from_i32((int32_t)at), TSK_JS_PLAIN) ? at : UINT32_MAX;
}

/* One row: the cells of an object.  `wanted` NULL: of all its keys. */
static bool gather_row(table *t, tsk_js_object *known, uint32_t row, tsk_value item, tsk_js_array *wanted) {
    tsk_js_object *o = tsk_js_is_object(item) ? tsk_js_as_object(item) : NULL;
    tsk_js_array *keys = wanted;
    if (!keys) keys = tsk_js_own_keys(t->js, o, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_ENUMERABLE);
    for (uint32_t i = 0; keys && i < keys->length; i++) {
        tsk_js_key key;
        uint32_t at = column_of(t, known, tsk_js_get_index(t->js, &keys->object, i), &key);
        if (at == UINT32_MAX) return false;
        int there = o ? tsk_js_has_own(t->js, o, key) : 0;
        tsk_value v = there > 0 ? tsk_js_get(t->js, o, key) : TSK_VALUE_UNDEFINED;
        if (there < 0 || tsk_js_is_thrown(v)) return false;
        if (there) t->columns[at].cells[row] = cell_of(t->js, v);
    }
    return keys != NULL;
}

/* Columns in the order in which an object has its keys. */
static bool order_columns(table *t, tsk_js_object *known, uint32_t first) {
    tsk_js_array *keys = tsk_js_own_keys(t->js, known, TSK_JS_KEYS_STRINGS);
    column *old = TSK_NEW_ARRAY(t->js->scratch, column, t->count + 1);
    memcpy(old, t->columns, t->count * sizeof *old);
    for (uint32_t i = 0; keys && i < keys->length; i++) {
        tsk_js_key key;
        if (!tsk_js_to_key(t->js, tsk_js_get_index(t->js, &keys->object, i), &key)) return false;
        t->columns[first + i] = old[tsk_as_i32(tsk_js_get(t->js, known, key))];
    }
    return keys != NULL;
}

static bool gather_object(table *t, tsk_js_object *data, tsk_js_array *wanted) {
    tsk_js *js = t->js;
    tsk_js_array *rows = tsk_js_own_keys(js, data, TSK_JS_KEYS_STRINGS | TSK_JS_KEYS_ENUMERABLE);
    tsk_js_object *known = rows ? tsk_js_object_new(js, NULL) : NULL;
    if (!known) return false;
    t->rows = rows->length;
    add_column(t, "(index)");
    const char **values = NULL;
    for (uint32_t row = 0; row < t->rows; row++) {
        tsk_value name = tsk_js_get_index(js, &rows->object, row);
        tsk_js_key key;
        t->columns[0].cells[row] = utf8_of(js, tsk_js_as_string(name));
        tsk_value item = tsk_js_to_key(js, name, &key) ? tsk_js_get(js, data, key) : TSK_JS_THROWN;
        if (tsk_js_is_thrown(item)) return false;
        if (tsk_js_is_object(item) || wanted) {
            if (!gather_row(t, known, row, item, wanted)) return false;
            continue;
        }
        if (!values) {
            values = TSK_NEW_ARRAY(js->scratch, const char *, t->rows);
            memset((void *)values, 0, t->rows * sizeof *values);
        }
        values[row] = cell_of(js, item);
    }
    if (!order_columns(t, known, 1)) return false;
    if (values) t->columns[add_column(t, "Values")].cells = values;
    return true;
}

bool tsk_js_format_table(tsk_js *js, tsk_js_object *data, tsk_value columns, tsk_buf *out) {
    table t = {.js = js};
    tsk_js_array *wanted = tsk_js_is_array(columns) ? (tsk_js_array *)(void *)tsk_js_as_object(columns) : NULL;
    if (data->cell.aux == TSK_JS_MAP || data->cell.aux == TSK_JS_SET)
        gather_map(&t, (const tsk_js_map *)(const void *)data);
    else if (!gather_object(&t, data, wanted))
        return false;
    draw(&t, out);
    return true;
}
