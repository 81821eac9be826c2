/* Registers for SSA values: linear scan over the blocks in reverse postorder.
 *
 *   blocks in reverse postorder ─► positions ─► [definition, last use] ─► stretched over loops ─► registers
 *
 * A definition dominates its uses, so in reverse postorder it comes before them, and one interval from
 * the definition to the last use covers all paths without a loop.  With loops: an edge back from a block
 * to an earlier one makes the stretch between them a region, and a value that is defined before a region
 * and used in it is needed until its end.  Regions that overlap act as one from the first's start on.
 * Edges to handlers count as edges.
 *
 * Invariants
 *  - Two values whose intervals overlap have different registers.
 *  - Parameters of the entry block have the registers first_param, first_param + 1, ...
 *  - Time and memory are O(n log n) in the number of instructions.
 */
#include "runtime/interp/code.h"

typedef struct region {
    uint32_t start, end; /* positions */
} region;

bool tsk_regalloc_lists(const tsk_ir_inst *inst) {
    switch (inst->op) {
    case TSK_IR_ADD: return inst->count != 2;
    case TSK_IR_CLOSURE:
    case TSK_IR_CONCAT:
    case TSK_IR_ARRAY:
    case TSK_IR_OBJECT:
    case TSK_IR_SLICE:
    case TSK_IR_OP:
    case TSK_IR_METHOD:
    case TSK_IR_CALL:
    case TSK_IR_ERROR:
    case TSK_IR_RETURN: return true;
    default: return tsk_regalloc_lists_js(inst);
    }
}

bool tsk_regalloc_fused(const tsk_regalloc *ra, const tsk_ir_inst *inst) {
    const tsk_ir_inst *last = inst->block->last;
    return ra->fuse && inst->next == last && last->op == TSK_IR_BRANCH && last->args[0] == inst &&
           ra->uses[inst->mark] == 1 && tsk_regalloc_is_condition(inst);
}

static void number_value(tsk_regalloc *ra, tsk_ir_inst *inst) {
    inst->mark = ra->value_count;
    ra->values[ra->value_count++] = inst;
}

static void number_values(tsk_regalloc *ra) {
    uint32_t total = 0;
    for (uint32_t i = 0; i < ra->block_count; i++) {
        total += ra->order[i]->param_count;
        for (tsk_ir_inst *inst = ra->order[i]->first; inst; inst = inst->next) total++;
    }
    ra->values = TSK_NEW_ARRAY(ra->scratch, tsk_ir_inst *, total);
    for (uint32_t i = 0; i < ra->block_count; i++) {
        tsk_ir_block *block = ra->order[i];
        for (uint32_t p = 0; p < block->param_count; p++) number_value(ra, block->params[p]);
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) number_value(ra, inst);
    }
    ra->start = tsk_arena_zalloc(ra->scratch, total * sizeof(uint32_t));
    ra->end = tsk_arena_zalloc(ra->scratch, total * sizeof(uint32_t));
    ra->uses = tsk_arena_zalloc(ra->scratch, total * sizeof(uint32_t));
    ra->reg = tsk_arena_alloc(ra->scratch, total * sizeof(uint32_t));
    memset(ra->reg, 0xFF, total * sizeof(uint32_t));
}

static void count_uses(tsk_regalloc *ra) {
    for (uint32_t i = 0; i < ra->block_count; i++) {
        const tsk_ir_block *block = ra->order[i];
        for (const tsk_ir_inst *inst = block->first; inst; inst = inst->next)
            for (uint32_t a = 0; a < inst->count; a++) ra->uses[inst->args[a]->mark]++;
        for (int e = 0; e < 2; e++)
            for (uint32_t a = 0; block->edges[e].to && a < block->edges[e].count; a++)
                ra->uses[block->edges[e].args[a]->mark]++;
    }
}

static void use(tsk_regalloc *ra, const tsk_ir_inst *value, uint32_t position) {
    if (ra->end[value->mark] < position) ra->end[value->mark] = position;
}

/* Constants on edges are loaded straight into the parameter. */
static void use_edges(tsk_regalloc *ra, const tsk_ir_block *block, uint32_t position) {
    for (int e = 0; e < 2; e++) {
        const tsk_ir_edge *edge = &block->edges[e];
        for (uint32_t i = 0; edge->to && i < edge->count; i++)
            if (edge->args[i]->op != TSK_IR_CONST) use(ra, edge->args[i], position);
    }
}

/* Positions: each block's start, then each instruction.  Fills intervals; `starts` and `ends` are of blocks. */
static uint32_t number_positions(tsk_regalloc *ra, uint32_t *starts, uint32_t *ends) {
    uint32_t position = 1;
    for (uint32_t i = 0; i < ra->block_count; i++) {
        tsk_ir_block *block = ra->order[i];
        starts[i] = position;
        for (uint32_t p = 0; p < block->param_count; p++) ra->start[block->params[p]->mark] = position;
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) {
            position++;
            ra->start[inst->mark] = position;
            bool lists = tsk_regalloc_lists(inst), fused = tsk_regalloc_fused(ra, inst);
            for (uint32_t a = 0; a < inst->count; a++) {
                if (lists ? inst->args[a]->op == TSK_IR_CONST : tsk_regalloc_immediate(inst, a, fused)) continue;
                use(ra, inst->args[a], fused ? position + 1 : position);
            }
        }
        ends[i] = position;
        use_edges(ra, block, position++);
    }
    return position;
}

static void note_edge_back(const tsk_regalloc *ra, const tsk_ir_block *to, uint32_t end, uint32_t *reach) {
    if (!to) return;
    uint32_t at = ra->position[to->id];
    if (reach[at] < end) reach[at] = end;
}

/* Regions by ascending start; each end reaches as far as one can get through overlapping later regions. */
static uint32_t find_regions(const tsk_regalloc *ra, const uint32_t *starts, const uint32_t *ends, region *regions) {
    uint32_t *reach = tsk_arena_zalloc(ra->scratch, ra->block_count * sizeof(uint32_t));
    for (uint32_t i = 0; i < ra->block_count; i++) {
        const tsk_ir_block *block = ra->order[i];
        const tsk_ir_block *next[] = {block->edges[0].to, block->edges[1].to, block->handler};
        for (size_t e = 0; e < TSK_COUNT(next); e++)
            if (next[e] && ra->position[next[e]->id] <= i) note_edge_back(ra, next[e], ends[i], reach);
    }
    uint32_t count = 0;
    for (uint32_t i = 0; i < ra->block_count; i++)
        if (reach[i]) regions[count++] = (region){starts[i], reach[i]};
    /* A stack of disjoint stretches, nearest on top, absorbs what each earlier region overlaps. */
    region *stack = TSK_NEW_ARRAY(ra->scratch, region, count);
    uint32_t depth = 0;
    for (uint32_t i = count; i-- > 0;) {
        while (depth && stack[depth - 1].start <= regions[i].end) {
            if (regions[i].end < stack[depth - 1].end) regions[i].end = stack[depth - 1].end;
            depth--;
        }
        stack[depth++] = regions[i];
    }
    return count;
}

/* table[level][i]: the farthest end among the 2^level regions from i. */
static uint32_t **build_maxima(tsk_arena *scratch, const region *regions, uint32_t count) {
    uint32_t **table = TSK_NEW_ARRAY(scratch, uint32_t *, 32);
    table[0] = TSK_NEW_ARRAY(scratch, uint32_t, count);
    for (uint32_t i = 0; i < count; i++) table[0][i] = regions[i].end;
    for (uint32_t level = 1; (1u << level) <= count; level++) {
        uint32_t half = 1u << (level - 1), n = count - 2 * half + 1;
        table[level] = TSK_NEW_ARRAY(scratch, uint32_t, n);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t left = table[level - 1][i], right = table[level - 1][i + half];
            table[level][i] = left > right ? left : right;
        }
    }
    return table;
}

/* The number of regions that start at or before `position`. */
static uint32_t regions_until(const region *regions, uint32_t count, uint32_t position) {
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (regions[middle].start <= position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void stretch_over_loops(tsk_regalloc *ra, const uint32_t *starts, const uint32_t *ends) {
    region *regions = TSK_NEW_ARRAY(ra->scratch, region, ra->block_count);
    uint32_t count = find_regions(ra, starts, ends, regions);
    if (!count) return;
    uint32_t **maxima = build_maxima(ra->scratch, regions, count);
    for (uint32_t v = 0; v < ra->value_count; v++) {
        if (!ra->end[v]) continue;
        uint32_t from = regions_until(regions, count, ra->start[v]), to = regions_until(regions, count, ra->end[v]);
        if (from >= to) continue;
        uint32_t level = 31 - (uint32_t)__builtin_clz(to - from);
        uint32_t left = maxima[level][from], right = maxima[level][to - (1u << level)];
        uint32_t reach = left > right ? left : right;
        if (ra->end[v] < reach) ra->end[v] = reach;
    }
}

typedef struct scan {
    tsk_regalloc *ra;
    uint32_t *expiring; /* by position: first value + 1 whose interval ends there */
    uint32_t *next;     /* by value */
    uint32_t *free;     /* stack of registers */
    uint32_t free_count;
} scan;

static void release_at(scan *s, uint32_t position) {
    for (uint32_t v = s->expiring[position]; v; v = s->next[v - 1]) s->free[s->free_count++] = s->ra->reg[v - 1];
}

static void take(scan *s, const tsk_ir_inst *inst) {
    tsk_regalloc *ra = s->ra;
    uint32_t v = inst->mark;
    if (ra->reg[v] == TSK_NO_REG) ra->reg[v] = s->free_count ? s->free[--s->free_count] : ra->regs++;
    uint32_t end = ra->end[v] > ra->start[v] ? ra->end[v] : ra->start[v] + 1;
    s->next[v] = s->expiring[end];
    s->expiring[end] = v + 1;
}

/* Results that nobody uses are written all the same, except of what only stands in lists. */
static bool wants_register(const tsk_regalloc *ra, const tsk_ir_inst *inst) {
    if (tsk_regalloc_fused(ra, inst)) return false;
    if (ra->end[inst->mark]) return true;
    switch (inst->op) {
    case TSK_IR_CONST:
    case TSK_IR_PARAM: return false;
    default: return tsk_ir_is_value(inst);
    }
}

static void assign(tsk_regalloc *ra, uint32_t positions) {
    scan s = {.ra = ra};
    s.expiring = tsk_arena_zalloc(ra->scratch, (positions + 2) * sizeof(uint32_t));
    s.next = TSK_NEW_ARRAY(ra->scratch, uint32_t, ra->value_count);
    s.free = TSK_NEW_ARRAY(ra->scratch, uint32_t, ra->value_count);
    ra->regs = ra->first_param + ra->func->params + (ra->func->js ? ra->func->js->locals : 0);
    uint32_t position = 1;
    for (uint32_t i = 0; i < ra->block_count; i++) {
        tsk_ir_block *block = ra->order[i];
        release_at(&s, position);
        for (uint32_t p = 0; p < block->param_count; p++) {
            if (i == 0) ra->reg[block->params[p]->mark] = ra->first_param + p;
            if (i == 0 || wants_register(ra, block->params[p])) take(&s, block->params[p]);
        }
        for (tsk_ir_inst *inst = block->first; inst; inst = inst->next) {
            release_at(&s, ++position);
            if (wants_register(ra, inst)) take(&s, inst);
        }
        position++;
    }
}

void tsk_regalloc_run(tsk_regalloc *ra, tsk_ir_func *func, tsk_arena *scratch, bool fuse) {
    *ra = (tsk_regalloc){.scratch = scratch, .func = func, .fuse = fuse};
    tsk_ir_number(func);
    tsk_ir_dominators dominators;
    tsk_ir_dominators_build(&dominators, func, scratch);
    ra->order = dominators.order;
    ra->block_count = dominators.count;
    ra->position = dominators.position;
    number_values(ra);
    count_uses(ra);
    uint32_t *starts = TSK_NEW_ARRAY(scratch, uint32_t, ra->block_count);
    uint32_t *ends = TSK_NEW_ARRAY(scratch, uint32_t, ra->block_count);
    uint32_t positions = number_positions(ra, starts, ends);
    stretch_over_loops(ra, starts, ends);
    assign(ra, positions);
    if (ra->regs <= TSK_WIDE_FROM) return;
    ra->wide = true;
    ra->first_param = TSK_WIDE_SCRATCH;
    memset(ra->reg, 0xFF, ra->value_count * sizeof(uint32_t));
    assign(ra, positions);
}
