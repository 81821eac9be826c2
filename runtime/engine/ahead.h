/* Configurations that are compiled ahead of time: ahead.c has the picture. */
#ifndef TSK_AHEAD_H
#define TSK_AHEAD_H

#include "runtime/engine/engine.h"

struct tsk_native_image;
struct tsk_native_data;

/* A file that was compiled in, by the name it had then; NULL: none. */
const struct tsk_native_file *tsk_image_file(const struct tsk_native_image *image, const char *name);
/* Code that was just made gets the native code of its identity, if the program's image has it. */
void tsk_image_adopt(tusk_program *program, const tsk_bytecode *code);

/* ---- ahead_header.c: what C code sees of a configuration ---- */

/* Keys whose values are known now, as a struct; the same that the header declares. */
const struct tsk_native_data *tsk_ahead_constants(tusk_program *program, tsk_arena *arena);
void tsk_ahead_header(tsk_buf *out, tusk_program *program, const char *name);

#endif
