/* The program that starts and ends: the floor for startup_bench. */
int main(void) {
    return 0;
}
