/* Shared by the files of the YAML reader. */
#ifndef TSK_FORMATS_YAML_H
#define TSK_FORMATS_YAML_H

#include "runtime/formats/internal.h"

typedef enum tsk_yaml_tag {
    TSK_YAML_UNTAGGED,
    TSK_YAML_TEXT,
    TSK_YAML_INT,
    TSK_YAML_FLOAT,
    TSK_YAML_BOOL,
    TSK_YAML_NULL,
    TSK_YAML_SEQ,
    TSK_YAML_MAP
} tsk_yaml_tag;

typedef struct tsk_yaml_anchor {
    tsk_value v;
    uint64_t nodes; /* it stands for */
    bool ready;     /* its node has ended */
} tsk_yaml_anchor;

typedef struct tsk_yaml {
    tsk_reader r;
    const char *line;  /* start of the cursor's line */
    tsk_object *names; /* of anchors: indices in `anchors` */
    tsk_yaml_anchor *anchors;
    uint32_t anchor_count, anchor_cap;
    uint64_t nodes;   /* read so far, those behind aliases too */
    uint64_t aliased; /* of these, behind aliases */
} tsk_yaml;

TSK_INLINE char tsk_yaml_at(const tsk_yaml *y, size_t ahead) {
    return tsk_read_at(&y->r, ahead);
}
TSK_INLINE int tsk_yaml_column(const tsk_yaml *y) {
    return (int)(y->r.p - y->line);
}
/* A blank, a line end or the end: what ends an indicator. */
TSK_INLINE bool tsk_yaml_ends(char c) {
    return c == 0 || tsk_read_blank(c) || tsk_read_break(c);
}
TSK_INLINE bool tsk_yaml_flow_sign(char c) {
    return c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
}
/* "---" or "..." at the start of a line, or the end of the text. */
bool tsk_yaml_ended(const tsk_yaml *y);
/* Over one line end. */
void tsk_yaml_next_line(tsk_yaml *y);

/* Texts: the cursor stands on their first byte, and then behind them.  `indent`: lines that go on are deeper; -1 in flow
 * collections.  `single`: a key, which ends with its line. */
bool tsk_yaml_plain(tsk_yaml *y, int indent, bool flow, bool single, tsk_slice *out);
bool tsk_yaml_quoted(tsk_yaml *y, int indent, tsk_slice *out);
bool tsk_yaml_block_text(tsk_yaml *y, int indent, tsk_slice *out);

/* What a scalar stands for by the core schema of YAML 1.2; `plain`: it had no quotes.  False: it is not what its tag
 * says. */
bool tsk_yaml_resolve(tsk_yaml *y, tsk_yaml_tag tag, bool plain, tsk_slice text, tsk_value *out);

#endif
