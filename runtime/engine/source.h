/* What source.c and source_edit.c share. */
#ifndef TSK_ENGINE_SOURCE_H
#define TSK_ENGINE_SOURCE_H

#include "runtime/engine/engine.h"

/* A text that was read. */
typedef struct tsk_reading {
    tsk_arena arena; /* marks and texts */
    tsk_marks marks;
    tsk_texts texts;
    tusk_program *program;
} tsk_reading;

struct tusk_source {
    tsk_arena arena; /* this, and the text */
    tsk_allocator allocator;
    tusk_options options; /* only its settings */
    const char *name;
    tsk_slice text;
    tusk_status status;
    tsk_reading read; /* without a program: the text is to be read again */
    tsk_arena result; /* of the last question */
    tsk_buf out;
};

/* Reads a padded text that lives longer than the reading. */
tusk_status tsk_source_read(tusk_source *source, tsk_reading *r, tsk_slice text);
void tsk_source_forget(tsk_reading *r);
/* Reads the source again when formatting has let go of it.  Its status. */
tusk_status tsk_source_again(tusk_source *source);
/* Calls `body` with a trap around the arena of results, which is emptied first.  False: no memory. */
bool tsk_source_answer(tusk_source *source, void (*body)(tusk_source *source, void *argument), void *argument);
/* source->out, ended as sources are. */
tsk_slice tsk_source_new_text(tusk_source *source);

#endif
