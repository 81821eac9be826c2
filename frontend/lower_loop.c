/* Loops: each, map, filter, reduce, find, any, all, for, while, map_values, filter_object; and pipe.
 *
 *   entry:  n = count list                    The body is a lambda, inlined here; or an expression in which
 *           jump head(0, start)               item, index, key (also $item, _ ...) are bound; or a function
 *   head(i, acc):  poll                       value, called.
 *           branch i < n, body, exit
 *   body:   x = item list, i ... jump head(i + 1, acc')
 *   exit:   acc
 *
 * So callbacks cost no call, and a loop that waits can be suspended like any other code. */
#include "frontend/frontend.h"

#include "ir/op_number.h"

/* What is called or evaluated for every item. */
typedef struct body {
    const tsk_ast *ast;    /* lambda or expression */
    tsk_ir_inst *function; /* a value to call instead */
} body;

/* "n => n * 2" or "a, b => a + b" in quotes: parsed like the lambda it stands for. */
static const tsk_ast *parse_text_lambda(tsk_lower *lo, const tsk_ast *ast) {
    if (ast->kind != TSK_AST_LITERAL || !tsk_is_str(ast->value)) return NULL;
    tsk_slice s = tsk_as_slice(ast->value);
    const char *arrow = memmem(s.ptr, s.len, "=>", 2);
    if (!arrow) return NULL;
    tsk_arena *arena = lo->graph->arena;
    tsk_buf text;
    tsk_buf_init(&text, arena);
    bool bare = *s.ptr != '(' && memchr(s.ptr, ',', (size_t)(arrow - s.ptr));
    if (bare) tsk_buf_char(&text, '(');
    tsk_buf_add(&text, s.ptr, (size_t)(arrow - s.ptr));
    if (bare) tsk_buf_char(&text, ')');
    tsk_buf_add(&text, arrow, (size_t)(s.ptr + s.len - arrow));
    uint32_t len = (uint32_t)text.len;
    for (int i = 0; i < TSK_SOURCE_PADDING; i++) tsk_buf_char(&text, 0);
    const tsk_source *source = tsk_sources_add(&lo->graph->sources, "<lambda>", text.ptr, len);
    if (!source) return NULL;
    tsk_parser ps = {.graph = lo->graph,
                     .fe = lo->fe,
                     .arena = arena,
                     .source = source,
                     .p = text.ptr,
                     .text = text.ptr,
                     .end = text.ptr + len,
                     .line = text.ptr,
                     .scope = lo->fe->root,
                     .nest = 1};
    tsk_ast *lambda = tsk_parse_expression(&ps);
    if (lambda) tsk_skip_blanks(&ps);
    return lambda && ps.p >= ps.end && lambda->kind == TSK_AST_LAMBDA ? lambda : NULL;
}

static body read_body(tsk_lower *lo, const tsk_ast *ast) {
    tsk_value v;
    if (ast->kind == TSK_AST_LAMBDA) return (body){.ast = ast};
    const tsk_ast *lambda = parse_text_lambda(lo, ast);
    if (lambda) return (body){.ast = lambda};
    if (tsk_lower_is_function(lo, ast)) return (body){.function = tsk_lower_ast(lo, ast)};
    if (tsk_resolve_path(lo, ast, &v) && tsk_is_thunk(v) &&
        tsk_lower_is_function(lo, tsk_graph_thunk(lo->graph, tsk_as_thunk(v))->ast))
        return (body){.function = tsk_lower_tree(lo, v)};
    return (body){.ast = ast};
}

/* One evaluation of the body: positional values for parameters, names for expressions. */
static tsk_ir_inst *apply(tsk_lower *lo, body what, tsk_ir_inst *const *values, uint32_t count,
                          const char *const *names) {
    tsk_ir_builder *b = &lo->fn->b;
    if (what.function) {
        tsk_ir_inst *args[5] = {what.function};
        memcpy(args + 1, values, count * sizeof *values);
        return tsk_ir_emit(b, TSK_IR_CALL, TSK_VALUE_NULL, args, count + 1);
    }
    tsk_local *outer = lo->fn->locals;
    tsk_ir_inst *v;
    if (what.ast->kind == TSK_AST_LAMBDA) {
        uint32_t params = what.ast->count - 1;
        for (uint32_t i = 0; i < params; i++)
            tsk_lower_bind(lo, what.ast->items[i]->name, what.ast->items[i]->name_len,
                           i < count ? values[i] : tsk_lower_null(lo));
        v = tsk_lower_ast(lo, what.ast->items[params]);
    } else {
        for (uint32_t i = 0; names[i]; i++) tsk_lower_bind(lo, names[i], (uint32_t)strlen(names[i]), values[i]);
        tsk_lower_bind(lo, "_", 1, values[0]);
        v = tsk_lower_ast(lo, what.ast);
    }
    lo->fn->locals = outer;
    return v;
}

static const char *const item_names[] = {"item", "index", "key", NULL};

typedef struct loop {
    tsk_lower *lo;
    tsk_ir_inst *list, *n;
    tsk_ir_inst *i, *acc;
    tsk_ir_block *head, *exit;
    tsk_ir_inst *result; /* parameter of exit */
    tsk_ir_inst *item, *key;
} loop;

static tsk_ir_inst *const_i32(tsk_lower *lo, int32_t i) {
    return tsk_ir_const(&lo->fn->b, tsk_from_i32(i));
}

/* Head and the start of the body; the builder then stands in the body. */
static void open_loop(loop *l, tsk_ir_inst *start, tsk_ir_inst *acc) {
    tsk_ir_builder *b = &l->lo->fn->b;
    tsk_span span = b->span;
    l->n = tsk_ir_emit1(b, TSK_IR_COUNT, l->list);
    l->head = tsk_ir_build_block(b);
    l->exit = tsk_ir_build_block(b);
    tsk_ir_block *inside = tsk_ir_build_block(b), *done = tsk_ir_build_block(b);
    l->result = tsk_ir_block_param(l->exit, TSK_TY_ANY);
    l->i = tsk_ir_block_param(l->head, TSK_TY_I32);
    l->acc = tsk_ir_block_param(l->head, TSK_TY_ANY);
    tsk_ir_inst *args[] = {start, acc};
    tsk_ir_jump(b, l->head, args, 2);
    b->block = l->head;
    b->span = span;
    tsk_ir_emit(b, TSK_IR_POLL, TSK_VALUE_NULL, NULL, 0);
    tsk_ir_inst *more = tsk_ir_emit2(b, TSK_IR_ILT, l->i, l->n);
    tsk_ir_branch(b, more, inside, done);
    b->block = done;
    tsk_ir_jump(b, l->exit, &l->acc, 1);
    b->block = inside;
    l->item = tsk_ir_emit2(b, TSK_IR_ITEM, l->list, l->i);
    l->key = tsk_ir_emit2(b, TSK_IR_ITEM_KEY, l->list, l->i);
}

/* On to the next turn. */
static void turn(loop *l, tsk_ir_inst *acc) {
    tsk_ir_builder *b = &l->lo->fn->b;
    tsk_ir_inst *args[] = {tsk_ir_emit2(b, TSK_IR_IADD, l->i, const_i32(l->lo, 1)), acc};
    tsk_ir_jump(b, l->head, args, 2);
}

static tsk_ir_inst *close_loop(loop *l) {
    l->lo->fn->b.block = l->exit;
    return l->result;
}

static tsk_ir_inst *apply_item(loop *l, body what) {
    tsk_ir_inst *values[] = {l->item, l->i, l->key};
    /* a lambda over an object gets (value, key), over a list (item, index): both are the item's key */
    if (what.function || what.ast->kind == TSK_AST_LAMBDA) values[1] = l->key;
    return apply(l->lo, what, values, 3, item_names);
}

static tsk_ir_inst *lower_each(tsk_lower *lo, loop *l, body what) {
    open_loop(l, const_i32(lo, 0), tsk_ir_emit(&lo->fn->b, TSK_IR_LIST_NEW, TSK_VALUE_NULL, NULL, 0));
    tsk_ir_inst *v = apply_item(l, what);
    tsk_ir_emit2(&lo->fn->b, TSK_IR_LIST_PUSH, l->acc, v);
    turn(l, l->acc);
    return close_loop(l);
}

static tsk_ir_inst *lower_filter(tsk_lower *lo, loop *l, body what) {
    tsk_ir_builder *b = &lo->fn->b;
    open_loop(l, const_i32(lo, 0), tsk_ir_emit(b, TSK_IR_LIST_NEW, TSK_VALUE_NULL, NULL, 0));
    tsk_ir_inst *keep = tsk_ir_emit1(b, TSK_IR_CONDITION, apply_item(l, what));
    tsk_ir_block *take = tsk_ir_build_block(b), *next = tsk_ir_build_block(b);
    tsk_ir_branch(b, keep, take, next);
    b->block = take;
    tsk_ir_emit2(b, TSK_IR_LIST_PUSH, l->acc, l->item);
    tsk_ir_jump(b, next, NULL, 0);
    b->block = next;
    turn(l, l->acc);
    return close_loop(l);
}

static tsk_ir_inst *lower_reduce(tsk_lower *lo, loop *l, body what, const tsk_ast *init) {
    static const char *const names[] = {"acc", "item", "index", NULL};
    tsk_ir_builder *b = &lo->fn->b;
    tsk_ir_inst *zero = const_i32(lo, 0);
    tsk_ir_inst *start = init ? zero : const_i32(lo, 1);
    open_loop(l, start, init ? tsk_lower_ast(lo, init) : tsk_ir_emit2(b, TSK_IR_ITEM, l->list, zero));
    tsk_ir_inst *values[] = {l->acc, l->item, l->i, l->key};
    turn(l, apply(lo, what, values, 3, names));
    return close_loop(l);
}

/* find, find_index, any, all: leave the loop at the first item that decides. */
static tsk_ir_inst *lower_search(tsk_lower *lo, loop *l, uint32_t number, body what) {
    tsk_ir_builder *b = &lo->fn->b;
    tsk_value otherwise = number == TSK_OP_FIND         ? TSK_VALUE_NULL
                          : number == TSK_OP_FIND_INDEX ? tsk_from_i32(-1)
                                                        : tsk_from_bool(number == TSK_OP_ALL);
    open_loop(l, const_i32(lo, 0), tsk_ir_const(b, otherwise));
    tsk_ir_inst *hit = tsk_ir_emit1(b, TSK_IR_CONDITION, what.ast || what.function ? apply_item(l, what) : l->item);
    tsk_ir_block *found = tsk_ir_build_block(b), *next = tsk_ir_build_block(b);
    if (number == TSK_OP_ALL)
        tsk_ir_branch(b, hit, next, found);
    else
        tsk_ir_branch(b, hit, found, next);
    b->block = found;
    tsk_ir_inst *answer = number == TSK_OP_FIND         ? l->item
                          : number == TSK_OP_FIND_INDEX ? l->i
                                                        : tsk_ir_const(b, tsk_from_bool(number == TSK_OP_ANY));
    tsk_ir_jump(b, l->exit, &answer, 1);
    b->block = next;
    turn(l, l->acc);
    return close_loop(l);
}

/* for(start, end[, step[, name[, body]]]): inclusive; the list of values, or of the body's. */
static tsk_ir_inst *lower_for(tsk_lower *lo, tsk_ast *const *args, uint32_t count) {
    tsk_ir_builder *b = &lo->fn->b;
    tsk_ir_inst *first = tsk_lower_ast(lo, args[0]), *last = tsk_lower_ast(lo, args[1]);
    tsk_ir_inst *step = count > 2 ? tsk_lower_ast(lo, args[2]) : const_i32(lo, 1);
    tsk_ir_inst *list = tsk_ir_emit(b, TSK_IR_LIST_NEW, TSK_VALUE_NULL, NULL, 0);
    tsk_ir_block *head = tsk_ir_build_block(b), *up = tsk_ir_build_block(b), *down = tsk_ir_build_block(b);
    tsk_ir_block *inside = tsk_ir_build_block(b), *done = tsk_ir_build_block(b), *zero = tsk_ir_build_block(b);
    tsk_ir_block *begin = tsk_ir_build_block(b);
    tsk_ir_inst *i = tsk_ir_block_param(head, TSK_TY_ANY);
    tsk_ir_branch(b, tsk_ir_emit2(b, TSK_IR_EQ, step, const_i32(lo, 0)), zero, begin);
    b->block = zero;
    tsk_lower_error(lo, args[count > 2 ? 2 : 0], TSK_E_ARGUMENT, "the step of a loop must not be 0");
    tsk_ir_jump(b, done, NULL, 0);
    b->block = begin;
    tsk_ir_inst *rising = tsk_ir_emit2(b, TSK_IR_GT, step, const_i32(lo, 0));
    tsk_ir_jump(b, head, &first, 1);
    b->block = head;
    tsk_ir_emit(b, TSK_IR_POLL, TSK_VALUE_NULL, NULL, 0);
    tsk_ir_branch(b, rising, up, down);
    b->block = up;
    tsk_ir_branch(b, tsk_ir_emit2(b, TSK_IR_LE, i, last), inside, done);
    b->block = down;
    tsk_ir_branch(b, tsk_ir_emit2(b, TSK_IR_GE, i, last), inside, done);
    b->block = inside;
    tsk_ir_inst *v = i;
    if (count > 4) {
        tsk_local *outer = lo->fn->locals;
        if (args[3]->kind == TSK_AST_LITERAL && tsk_is_str(args[3]->value))
            tsk_lower_bind(lo, tsk_as_slice(args[3]->value).ptr, tsk_as_slice(args[3]->value).len, i);
        else if (args[3]->kind == TSK_AST_NAME || args[3]->kind == TSK_AST_GLOBAL)
            tsk_lower_bind(lo, args[3]->name, args[3]->name_len, i);
        static const char *const names[] = {"item", NULL};
        v = apply(lo, read_body(lo, args[4]), &i, 1, names);
        lo->fn->locals = outer;
    } else if (count > 3 && (args[3]->kind == TSK_AST_LAMBDA)) {
        static const char *const names[] = {"item", NULL};
        v = apply(lo, read_body(lo, args[3]), &i, 1, names);
    }
    tsk_ir_emit2(b, TSK_IR_LIST_PUSH, list, v);
    tsk_ir_inst *next = tsk_ir_emit2(b, TSK_IR_ADD, i, step);
    tsk_ir_jump(b, head, &next, 1);
    b->block = done;
    return list;
}

/* while(condition, value[, at most]): values while the condition holds; `index` counts, `item` is the value before. */
static tsk_ir_inst *lower_while(tsk_lower *lo, tsk_ast *const *args, uint32_t count) {
    static const char *const names[] = {"item", "index", NULL};
    tsk_ir_builder *b = &lo->fn->b;
    tsk_ir_inst *limit = count > 2 ? tsk_lower_ast(lo, args[2]) : const_i32(lo, 1000);
    tsk_ir_inst *list = tsk_ir_emit(b, TSK_IR_LIST_NEW, TSK_VALUE_NULL, NULL, 0);
    tsk_ir_block *head = tsk_ir_build_block(b), *test = tsk_ir_build_block(b), *inside = tsk_ir_build_block(b),
                 *done = tsk_ir_build_block(b);
    tsk_ir_inst *i = tsk_ir_block_param(head, TSK_TY_ANY), *last = tsk_ir_block_param(head, TSK_TY_ANY);
    tsk_ir_inst *start[] = {const_i32(lo, 0), tsk_lower_null(lo)};
    tsk_ir_jump(b, head, start, 2);
    b->block = head;
    tsk_ir_emit(b, TSK_IR_POLL, TSK_VALUE_NULL, NULL, 0);
    tsk_ir_branch(b, tsk_ir_emit2(b, TSK_IR_LT, i, limit), test, done);
    b->block = test;
    tsk_ir_inst *values[] = {last, i};
    tsk_ir_inst *more = tsk_ir_emit1(b, TSK_IR_CONDITION, apply(lo, read_body(lo, args[0]), values, 2, names));
    tsk_ir_branch(b, more, inside, done);
    b->block = inside;
    tsk_ir_inst *v = apply(lo, read_body(lo, args[1]), values, 2, names);
    tsk_ir_emit2(b, TSK_IR_LIST_PUSH, list, v);
    tsk_ir_inst *next[] = {tsk_ir_emit2(b, TSK_IR_ADD, i, const_i32(lo, 1)), v};
    tsk_ir_jump(b, head, next, 2);
    b->block = done;
    return list;
}

/* map_values, filter_object: the loop gives a list, of which an operator makes an object. */
static tsk_ir_inst *lower_keyed(tsk_lower *lo, loop *l, uint32_t number, body what) {
    tsk_ir_builder *b = &lo->fn->b;
    tsk_span span = b->span;
    bool filters = number == TSK_OP_FILTER_OBJECT;
    tsk_ir_inst *keys = tsk_ir_emit_index(b, TSK_IR_OP, TSK_OP_KEYS, &l->list, 1);
    open_loop(l, const_i32(lo, 0), tsk_ir_emit(b, TSK_IR_LIST_NEW, TSK_VALUE_NULL, NULL, 0));
    tsk_ir_inst *v = apply_item(l, what);
    tsk_ir_emit2(b, TSK_IR_LIST_PUSH, l->acc, filters ? tsk_ir_emit1(b, TSK_IR_CONDITION, v) : v);
    turn(l, l->acc);
    tsk_ir_inst *args[2] = {filters ? l->list : keys, close_loop(l)};
    b->span = span;
    return tsk_ir_emit_index(b, TSK_IR_OP, filters ? TSK_OP_OBJECT_KEEP : TSK_OP_ARRAY_COMBINE, args, 2);
}

/* pipe(v, f, g(_, 1)): each step gets what the one before gave; the name of an operator is a call of it. */
static tsk_ir_inst *lower_pipe(tsk_lower *lo, tsk_ast *const *args, uint32_t count, tsk_ir_inst *v) {
    static const char *const names[] = {"item", NULL};
    if (!v) {
        v = tsk_lower_ast(lo, *args++);
        count--;
    }
    for (uint32_t i = 0; i < count; i++) {
        const tsk_ast *step = args[i];
        bool bare = step->kind == TSK_AST_NAME || (step->kind == TSK_AST_OPERATOR && !(step->flags & TSK_AST_HAS_ARGS));
        tsk_value known;
        if (bare && !tsk_lower_local(lo, step->name, step->name_len) && !tsk_resolve_path(lo, step, &known)) {
            tsk_ast *call = tsk_arena_alloc(lo->arena, sizeof *call + sizeof call->items[0]);
            tsk_ast *given = tsk_arena_zalloc(lo->arena, sizeof *given);
            *given = (tsk_ast){.kind = TSK_AST_NAME, .span = step->span, .name = "_", .name_len = 1};
            *call = (tsk_ast){.kind = TSK_AST_OPERATOR,
                              .flags = TSK_AST_HAS_ARGS,
                              .span = step->span,
                              .count = 1,
                              .name = step->name,
                              .name_len = step->name_len};
            call->items[0] = given;
            step = call;
        }
        v = apply(lo, read_body(lo, step), &v, 1, names);
    }
    return v;
}

tsk_ir_inst *tsk_lower_composed(tsk_lower *lo, const tsk_ast *ast, tsk_ast *const *args, uint32_t count) {
    tsk_ast *pipe = tsk_arena_alloc(lo->arena, sizeof *pipe + (count + 1) * sizeof *args);
    tsk_ast *given = tsk_arena_zalloc(lo->arena, sizeof *given);
    tsk_ast *lambda = tsk_arena_alloc(lo->arena, sizeof *lambda + 2 * sizeof *args);
    *given = (tsk_ast){.kind = TSK_AST_NAME, .span = ast->span, .name = "_", .name_len = 1};
    *pipe = (tsk_ast){.kind = TSK_AST_OPERATOR,
                      .flags = TSK_AST_HAS_ARGS,
                      .span = ast->span,
                      .count = count + 1,
                      .name = "pipe",
                      .name_len = 4};
    pipe->items[0] = given;
    for (uint32_t i = 0; i < count; i++) pipe->items[i + 1] = args[count - 1 - i];
    *lambda = (tsk_ast){.kind = TSK_AST_LAMBDA, .span = ast->span, .count = 2};
    lambda->items[0] = given;
    lambda->items[1] = pipe;
    return tsk_lower_closure(lo, lambda);
}

tsk_ir_inst *tsk_lower_loop(tsk_lower *lo, uint32_t number, const tsk_ast *call, tsk_ast *const *args, uint32_t count,
                            tsk_ir_inst *receiver) {
    lo->fn->b.span = call->span;
    if (number == TSK_OP_PIPE) return lower_pipe(lo, args, count, receiver);
    if (number == TSK_OP_FOR) return receiver ? NULL : lower_for(lo, args, count);
    if (number == TSK_OP_WHILE) return receiver ? NULL : lower_while(lo, args, count);
    bool search = number == TSK_OP_FIND || number == TSK_OP_FIND_INDEX || number == TSK_OP_ANY || number == TSK_OP_ALL;
    bool keyed = number == TSK_OP_MAP_VALUES || number == TSK_OP_FILTER_OBJECT;
    if (number != TSK_OP_EACH && number != TSK_OP_MAP && number != TSK_OP_FILTER && number != TSK_OP_REDUCE &&
        !search && !keyed)
        return NULL;
    loop l = {.lo = lo, .list = receiver};
    if (!receiver) {
        l.list = tsk_lower_ast(lo, *args++);
        count--;
    }
    body what = count ? read_body(lo, args[0]) : (body){0};
    lo->fn->b.span = call->span;
    if (search) return lower_search(lo, &l, number, what);
    if (!count) return tsk_lower_error(lo, call, TSK_E_WRONG_ARGUMENTS, "the loop has no body");
    if (keyed) return lower_keyed(lo, &l, number, what);
    if (number == TSK_OP_FILTER) return lower_filter(lo, &l, what);
    if (number == TSK_OP_REDUCE) return lower_reduce(lo, &l, what, count > 1 ? args[1] : NULL);
    return lower_each(lo, &l, what);
}
