/* Dominators, by way of semidominators (Lengauer and Tarjan; the last step as Georgiadis has it).
 *
 *   A block with a handler is two points: its begin, from where control may go to the handler, and its end,
 *   where all of its values exist.
 *
 *        begin(b) ──► handler(b)            begin(b) == end(b) for a block without handler
 *           │
 *         end(b) ───► edges of b
 *
 * The tree over these points answers both questions in constant time: a dominates b (begin to begin), and
 * values of a may be used in b (end to begin).
 *
 * Invariants
 *  - Points are numbered in reverse postorder, so the dominator of a point has a smaller number.
 *  - Semidominators count in the order in which the walk first meets the points (`rank`).  The forest of the points that
 *    are done is compressed on the way up, so long chains of tests and joins of many exits take time n log n.
 */
#include "ir/ir.h"

typedef struct point {
    tsk_ir_block *block;
    bool end; /* the second point of a block with a handler */
} point;

typedef struct builder {
    tsk_arena *scratch;
    tsk_ir_func *func;
    point *points; /* by number */
    uint32_t count;
    uint32_t *begin, *end; /* point numbers by block id; NOWHERE when unreachable */
    uint32_t *rank_parent; /* by rank: rank of the point it was met from */
    point *met;            /* by rank */
    uint32_t *pred_start, *preds;
    uint32_t *idom;
} builder;

#define NOWHERE UINT32_MAX

/* The successors of a point, at most two. */
static uint32_t successors(const tsk_ir_block *block, bool end, point out[2]) {
    uint32_t n = 0;
    if (block->handler && !end) {
        out[n++] = (point){block->handler, false};
        out[n++] = (point){(tsk_ir_block *)block, true};
        return n;
    }
    for (int e = 0; e < 2; e++)
        if (block->edges[e].to) out[n++] = (point){block->edges[e].to, false};
    return n;
}

typedef struct visit {
    point at;
    uint32_t next; /* successor to visit */
    uint32_t rank;
} visit;

static uint32_t *slot_of(builder *b, point p) {
    return p.end ? &b->end[p.block->id] : &b->begin[p.block->id];
}

/* Depth first with a stack of its own; numbers are given from the back, so they come out in reverse postorder. */
static void number_points(builder *b) {
    uint32_t blocks = b->func->block_count, most = 2 * blocks;
    visit *stack = TSK_NEW_ARRAY(b->scratch, visit, most);
    point *post = TSK_NEW_ARRAY(b->scratch, point, most);
    uint32_t depth = 0, done = 0, ranks = 1;
    b->rank_parent = tsk_arena_zalloc(b->scratch, most * sizeof *b->rank_parent);
    b->met = TSK_NEW_ARRAY(b->scratch, point, most);
    memset(b->begin, 0xFF, blocks * sizeof *b->begin);
    memset(b->end, 0xFF, blocks * sizeof *b->end);
    stack[depth++] = (visit){{b->func->entry, false}, 0, 0};
    b->met[0] = stack[0].at;
    b->begin[b->func->entry->id] = 0;
    while (depth) {
        visit *top = &stack[depth - 1];
        point next[2];
        if (top->next < successors(top->at.block, top->at.end, next)) {
            point to = next[top->next++];
            if (*slot_of(b, to) == NOWHERE) {
                *slot_of(b, to) = 0;
                b->rank_parent[ranks] = top->rank;
                b->met[ranks] = to;
                stack[depth++] = (visit){to, 0, ranks++};
            }
        } else {
            post[done++] = top->at;
            depth--;
        }
    }
    b->count = done;
    b->points = TSK_NEW_ARRAY(b->scratch, point, done);
    for (uint32_t i = 0; i < done; i++) {
        point p = post[done - 1 - i];
        b->points[i] = p;
        *slot_of(b, p) = i;
    }
    for (uint32_t i = 0; i < blocks; i++)
        if (b->end[i] == NOWHERE) b->end[i] = b->begin[i];
}

/* Predecessors of every point in one array. */
static void collect_predecessors(builder *b) {
    point next[2];
    b->pred_start = tsk_arena_zalloc(b->scratch, (b->count + 2) * sizeof *b->pred_start);
    for (uint32_t i = 0; i < b->count; i++)
        for (uint32_t n = successors(b->points[i].block, b->points[i].end, next); n--;)
            b->pred_start[*slot_of(b, next[n]) + 2]++;
    for (uint32_t i = 2; i < b->count + 2; i++) b->pred_start[i] += b->pred_start[i - 1];
    b->preds = TSK_NEW_ARRAY(b->scratch, uint32_t, b->pred_start[b->count + 1] + 1);
    for (uint32_t i = 0; i < b->count; i++)
        for (uint32_t n = successors(b->points[i].block, b->points[i].end, next); n--;)
            b->preds[b->pred_start[*slot_of(b, next[n]) + 1]++] = i;
}

/* The forest of the points whose semidominators are known, by rank. */
typedef struct forest {
    uint32_t *ancestor, *label, *semi;
    uint32_t *path; /* room for one way up */
} forest;

/* Of the points from `v` up to the root of its tree the one with the least semidominator; ranks below `linked` are in no
 * tree yet. */
static uint32_t least_above(const forest *f, uint32_t v, uint32_t linked) {
    if (f->ancestor[v] < linked) return f->label[v];
    uint32_t depth = 0;
    for (; f->ancestor[v] >= linked; v = f->ancestor[v]) f->path[depth++] = v;
    for (uint32_t top = f->label[v], root = f->ancestor[v]; depth; v = f->path[depth]) {
        uint32_t at = f->path[--depth];
        f->ancestor[at] = root;
        if (f->semi[top] < f->semi[f->label[at]])
            f->label[at] = top;
        else
            top = f->label[at];
    }
    return f->label[v];
}

static void find_semidominators(builder *b, const forest *f, const uint32_t *rank_of) {
    for (uint32_t i = 0; i < b->count; i++) {
        f->ancestor[i] = b->rank_parent[i];
        f->label[i] = f->semi[i] = i;
    }
    for (uint32_t w = b->count; --w > 0;) {
        uint32_t at = *slot_of(b, b->met[w]);
        f->semi[w] = b->rank_parent[w];
        for (uint32_t k = b->pred_start[at]; k < b->pred_start[at + 1]; k++) {
            uint32_t semi = f->semi[least_above(f, rank_of[b->preds[k]], w + 1)];
            if (semi < f->semi[w]) f->semi[w] = semi;
        }
    }
}

/* The dominator is the nearest point above, in the tree made so far, that is not below the semidominator. */
static void find_dominators(builder *b) {
    uint32_t count = b->count;
    uint32_t *room = TSK_NEW_ARRAY(b->scratch, uint32_t, (size_t)6 * count);
    forest f = {room, room + count, room + 2 * count, room + 3 * count};
    uint32_t *rank_of = room + 4 * count, *idom = room + 5 * count; /* idom: by rank */
    for (uint32_t i = 0; i < count; i++) rank_of[*slot_of(b, b->met[i])] = i;
    find_semidominators(b, &f, rank_of);
    b->idom = TSK_NEW_ARRAY(b->scratch, uint32_t, count);
    b->idom[0] = idom[0] = 0;
    for (uint32_t w = 1; w < count; w++) {
        idom[w] = b->rank_parent[w];
        while (idom[w] > f.semi[w]) idom[w] = idom[idom[w]];
        b->idom[*slot_of(b, b->met[w])] = *slot_of(b, b->met[idom[w]]);
    }
}

/* Enter and leave times of every point in the dominator tree.  Sizes of subtrees first: children have larger
 * numbers than parents, so two passes over the array do it without a stack. */
static void time_points(builder *b, uint32_t *enter, uint32_t *leave) {
    uint32_t *size = TSK_NEW_ARRAY(b->scratch, uint32_t, b->count);
    uint32_t *used = tsk_arena_zalloc(b->scratch, b->count * sizeof *used);
    for (uint32_t i = 0; i < b->count; i++) size[i] = 1;
    for (uint32_t i = b->count; i-- > 1;) size[b->idom[i]] += size[i];
    enter[0] = 0;
    leave[0] = size[0];
    for (uint32_t i = 1; i < b->count; i++) {
        uint32_t parent = b->idom[i];
        enter[i] = enter[parent] + 1 + used[parent];
        used[parent] += size[i];
        leave[i] = enter[i] + size[i];
    }
}

void tsk_ir_dominators_build(tsk_ir_dominators *d, tsk_ir_func *func, tsk_arena *scratch) {
    tsk_ir_number(func);
    uint32_t blocks = func->block_count;
    builder b = {.scratch = scratch, .func = func};
    b.begin = TSK_NEW_ARRAY(scratch, uint32_t, blocks);
    b.end = TSK_NEW_ARRAY(scratch, uint32_t, blocks);
    number_points(&b);
    collect_predecessors(&b);
    find_dominators(&b);
    uint32_t *enter = TSK_NEW_ARRAY(scratch, uint32_t, b.count), *leave = TSK_NEW_ARRAY(scratch, uint32_t, b.count);
    time_points(&b, enter, leave);

    d->order = TSK_NEW_ARRAY(scratch, tsk_ir_block *, blocks);
    d->idom = TSK_NEW_ARRAY(scratch, uint32_t, blocks);
    d->position = TSK_NEW_ARRAY(scratch, uint32_t, blocks);
    d->walk = tsk_arena_alloc(scratch, blocks * sizeof *d->walk);
    d->count = 0;
    for (uint32_t i = 0; i < b.count; i++) {
        if (b.points[i].end) continue;
        tsk_ir_block *block = b.points[i].block;
        uint32_t at = d->count++, end = b.end[block->id];
        d->order[at] = block;
        d->position[block->id] = at;
        d->idom[at] = d->position[b.points[b.idom[i]].block->id];
        d->walk[at].enter = enter[i];
        d->walk[at].leave = leave[i];
        d->walk[at].end_enter = enter[end];
        d->walk[at].end_leave = leave[end];
    }
}

bool tsk_ir_dominates(const tsk_ir_dominators *d, const tsk_ir_block *a, const tsk_ir_block *b) {
    uint32_t at = d->position[a->id], below = d->walk[d->position[b->id]].enter;
    return d->walk[at].enter <= below && below < d->walk[at].leave;
}

bool tsk_ir_visible(const tsk_ir_dominators *d, const tsk_ir_block *a, const tsk_ir_block *b) {
    if (a == b) return true;
    uint32_t at = d->position[a->id], below = d->walk[d->position[b->id]].enter;
    return d->walk[at].end_enter <= below && below < d->walk[at].end_leave;
}
