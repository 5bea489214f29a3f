/* A PKCS#11 module in front of another one, for tests: it goes wrong as FAULT says, and writes down each login. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long ulong;
typedef ulong (*function)(ulong, ulong, ulong, ulong, ulong, ulong, ulong, ulong);

struct list {
    unsigned char version[2];
    function call[68];
};

enum { GET_FUNCTION_LIST = 3, GET_TOKEN_INFO = 6, OPEN_SESSION = 12, LOGIN = 18, SIGN = 43, GENERATE_PAIR = 59 };

static struct list real, ours;
static int made;

static int is(const char *fault) {
    const char *wanted = getenv("FAULT");
    return wanted && !strcmp(wanted, fault);
}

static ulong login(ulong a, ulong b, ulong c, ulong d, ulong e, ulong f, ulong g, ulong h) {
    FILE *log = fopen(getenv("FAULT_LOG"), "a");
    if (log) {
        fputs("login\n", log);
        fclose(log);
    }
    return is("locked") ? 0xA4 : real.call[LOGIN](a, b, c, d, e, f, g, h);
}

static ulong token_info(ulong slot, ulong info, ulong c, ulong d, ulong e, ulong f, ulong g, ulong h) {
    ulong result = real.call[GET_TOKEN_INFO](slot, info, c, d, e, f, g, h);
    ulong *flags = (ulong *)(info + 96);
    if (!result && is("read-only")) *flags |= 0x2;
    if (!result && is("final")) *flags |= 0x20000;
    if (!result && is("locked-already")) *flags |= 0x40000;
    return result;
}

static ulong open_session(ulong a, ulong b, ulong c, ulong d, ulong e, ulong f, ulong g, ulong h) {
    return is("general") ? 0x5 : real.call[OPEN_SESSION](a, b, c, d, e, f, g, h);
}

static ulong generate_pair(ulong a, ulong b, ulong c, ulong d, ulong e, ulong f, ulong g, ulong h) {
    if (is("full")) return 0x31;
    if (is("gone") && made++ >= 2) return 0x32;
    return real.call[GENERATE_PAIR](a, b, c, d, e, f, g, h);
}

static ulong sign(ulong a, ulong b, ulong c, ulong d, ulong e, ulong f, ulong g, ulong h) {
    return is("gone") && made > 2 ? 0x32 : real.call[SIGN](a, b, c, d, e, f, g, h);
}

ulong C_GetFunctionList(struct list **out) {
    if (!ours.call[0]) {
        void *module = dlopen(getenv("FAULT_MODULE"), RTLD_NOW);
        ulong (*get)(struct list **) = module ? (ulong (*)(struct list **))dlsym(module, "C_GetFunctionList") : 0;
        struct list *theirs;
        if (!get || get(&theirs)) return 0x5;
        real = ours = *theirs;
        ours.call[GET_FUNCTION_LIST] = (function)C_GetFunctionList;
        ours.call[GET_TOKEN_INFO] = token_info;
        ours.call[OPEN_SESSION] = open_session;
        ours.call[LOGIN] = login;
        ours.call[SIGN] = sign;
        ours.call[GENERATE_PAIR] = generate_pair;
    }
    *out = &ours;
    return 0;
}
