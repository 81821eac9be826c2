/* tsk maps libc and nothing else, so libm is linked from its archive (CMakeLists.txt).  On x86-64 the functions of
 * that archive choose their variant by a table of CPU features, which is known in a wholly static program only.
 * Here it is empty: the variants that need nothing beyond SSE2 are chosen, which also makes results the same on every
 * machine. */
#if defined(__x86_64__)
extern unsigned char _dl_x86_cpu_features[];
__attribute__((visibility("hidden"))) unsigned char _dl_x86_cpu_features[4096];
#endif
