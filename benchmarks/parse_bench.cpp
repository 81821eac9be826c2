// Source text in memory to a document ready for look-ups, and its release: Tusk against RapidJSON's DOM (default
// flags) and cJSON on the same data.
//
//   parse_bench compare FILE.tsk FILE.json   samples taken in turn; one line for each: name, median, quartiles (ns)
//   parse_bench alone [--evaluate] FILE.tsk  the same for Tusk only; --evaluate computes every key too
//   parse_bench hold WHAT FILE               parses once and ends, for measuring memory; WHAT: tusk rapidjson cjson
//
// The opponents get the text as they like it best: NUL-terminated, and not in place, as ours is not either.
#include <algorithm>
#include <cjson/cJSON.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <functional>
#include <rapidjson/document.h>
#include <string>
#include <tusk/tusk.h>
#include <vector>

static const int discarded = 5, kept = 30;
static const double sample_ns = 2e6; // small documents are parsed several times for one sample

[[noreturn]] static void die(const std::string &message) {
    fprintf(stderr, "parse_bench: %s\n", message.c_str());
    exit(1);
}

static std::string read_file(const char *path) {
    std::string text;
    char piece[65536];
    FILE *file = fopen(path, "rb");
    if (!file) die(std::string("cannot read ") + path);
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;) text.append(piece, n);
    fclose(file);
    return text;
}

// Processor time: everything here is one thread that never waits.
static double now() {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void parse_tusk(const std::string &text) {
    tusk_program *program;
    if (tusk_program_parse(nullptr, "bench.tsk", text.data(), text.size(), &program) != TUSK_OK)
        die("tusk: not parsed");
    tusk_program_release(program);
}

static void evaluate_tusk(const std::string &text) {
    tusk_program *program;
    tusk_snapshot *snapshot;
    tusk_context *context;
    if (tusk_program_parse(nullptr, "bench.tsk", text.data(), text.size(), &program) != TUSK_OK)
        die("tusk: not parsed");
    if (tusk_snapshot_new(program, nullptr, &snapshot) != TUSK_OK) die("tusk: no snapshot");
    if (tusk_context_new(snapshot, &context) != TUSK_OK) die("tusk: no context");
    if (tusk_evaluate(context, false) != TUSK_OK) die(std::string("tusk: ") + tusk_context_report(context, 0));
    tusk_context_free(context);
    tusk_snapshot_release(snapshot);
    tusk_program_release(program);
}

static void parse_rapidjson(const std::string &text) {
    rapidjson::Document document;
    document.Parse(text.c_str(), text.size());
    if (document.HasParseError()) die("rapidjson: not parsed");
}

static void parse_cjson(const std::string &text) {
    cJSON *document = cJSON_ParseWithLength(text.c_str(), text.size() + 1);
    if (!document) die("cjson: not parsed");
    cJSON_Delete(document);
}

struct contender {
    const char *name;
    std::function<void()> run;
    unsigned turns = 1;
    std::vector<double> samples = {};
};

static double sample(const contender &c) {
    double start = now();
    for (unsigned i = 0; i < c.turns; i++) c.run();
    return (now() - start) / c.turns;
}

static void measure(std::vector<contender> &contenders) {
    for (contender &c : contenders) {
        c.run();
        c.turns = (unsigned)std::max(1.0, sample_ns / sample(c));
    }
    // In turn, and every second time backwards, so that what disturbs the machine disturbs all of them.
    for (int i = 0; i < discarded + kept; i++) {
        for (size_t k = 0; k < contenders.size(); k++) {
            contender &c = contenders[i % 2 ? contenders.size() - 1 - k : k];
            double ns = sample(c);
            if (i >= discarded) c.samples.push_back(ns);
        }
    }
    for (contender &c : contenders) {
        std::sort(c.samples.begin(), c.samples.end());
        printf("%s %.0f %.0f %.0f\n", c.name, c.samples[kept / 2], c.samples[kept / 4], c.samples[kept * 3 / 4]);
    }
}

int main(int argc, char **argv) {
    const std::string mode = argc > 1 ? argv[1] : "";
    std::vector<contender> contenders;
    if (mode == "compare" && argc == 4) {
        const std::string tsk = read_file(argv[2]), json = read_file(argv[3]);
        contenders.push_back({"tusk", [&] { parse_tusk(tsk); }});
        contenders.push_back({"rapidjson", [&] { parse_rapidjson(json); }});
        contenders.push_back({"cjson", [&] { parse_cjson(json); }});
        measure(contenders);
    } else if (mode == "alone" && argc >= 3) {
        bool evaluate = !strcmp(argv[2], "--evaluate");
        const std::string tsk = read_file(argv[argc - 1]);
        contenders.push_back({"tusk", [&] { evaluate ? evaluate_tusk(tsk) : parse_tusk(tsk); }});
        measure(contenders);
    } else if (mode == "hold" && argc == 4) {
        const std::string what = argv[2];
        tusk_program *program;
        if (what == "tusk") {
            if (tusk_program_open(nullptr, argv[3], &program) != TUSK_OK) die("tusk: not parsed");
            return 0;
        }
        const std::string text = read_file(argv[3]);
        if (what == "rapidjson") parse_rapidjson(text);
        if (what == "cjson") parse_cjson(text);
    } else {
        die("see the comment at the top of parse_bench.cpp");
    }
    return 0;
}
