/* Planted bugs, for the tests' own test: what compares generated programs with Node has to find every one of them.
 *
 * They are there in a build with TUSK_MUTATIONS only, where the environment variable TSK_MUTATION=N chooses one;
 * elsewhere TSK_MUTANT is 0 and nothing of them is left. */
#ifndef TSK_BASE_MUTATION_H
#define TSK_BASE_MUTATION_H

#define TSK_MUTATIONS(M)                                                                                               \
    M(1, ADD_WRAPS, "a sum of int32 that overflows wraps around")                                                      \
    M(2, LOST_MINUS_ZERO, "a product of int32 that is -0 is 0")                                                        \
    M(3, NO_DEAD_ZONE, "a variable that is read before its declaration is undefined")                                  \
    M(4, FINALLY_FORGETS, "an exception ends at the end of a finally")                                                 \
    M(5, HOLE_IS_OWN, "a hole in an array is a property of its own, undefined")                                        \
    M(6, STALE_CACHE, "an inline cache keeps facts about objects without a shape")                                     \
    M(7, NAN_COMPARES, "NaN is less than, and greater than, any double")                                               \
    M(8, SLICE_SHIFTED, "a long part of a string begins one character too early")                                      \
    M(9, UNSTABLE_SORT, "what has the same text changes places when sorted")                                           \
    M(10, SHARED_LOOP_VARIABLE, "the closures of all turns of a loop share its variable")

#define TSK_MUTATION_NUMBER(number, name, text) TSK_MUTATION_##name = (number),
enum { TSK_MUTATIONS(TSK_MUTATION_NUMBER) };
#undef TSK_MUTATION_NUMBER

#ifdef TUSK_MUTATIONS
extern int tsk_mutation;
#define TSK_MUTANT(name) (tsk_mutation == TSK_MUTATION_##name)
#else
#define TSK_MUTANT(name) 0
#endif

#endif
