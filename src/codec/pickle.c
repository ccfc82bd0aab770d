/*
 * codec/pickle.c - the pickle machine: its opcodes and its memo.
 *
 *   opcode   one byte, then its argument: a number, a length and as many
 *            bytes, or a line of text
 *   ...
 *   '.'      STOP: the one value left on the stack is the result
 *
 * Accepted: the opcodes of protocols 1 to 5 that make plain data, and names
 * by way of pickle_name.c. Refused by name: every other opcode. Each opcode
 * makes at most one value, no number in the file makes room for more than
 * the file has bytes, and there is no recursion: so a short file stays small.
 */
#include "codec/pickle_parts.h"

#include <string.h>

enum {
    STEPS_MOST = 1 << 22,
    DIGITS_MOST = 19,
    PROTOCOL_MOST = 5,
};

static const size_t BYTES_MOST = (size_t)256 << 20;

/* ---- opcodes: plain values ---- */

static cvy_status push_mark(cvyi_pickler *m, int arg)
{
    (void)arg;
    return cvyi_pickler_put(m, NULL);
}

/* A value that is all zeros: None, False, an empty container. */
static cvy_status push_kind(cvyi_pickler *m, int kind)
{
    cvyi_pickled *v;

    CVYI_TRY(cvyi_pickler_push(&v, m, (cvyi_pickle_kind)kind));
    v->plain = true;
    return CVY_OK;
}

static cvy_status push_bool(cvyi_pickler *m, int truth)
{
    cvyi_pickled *v;

    CVYI_TRY(cvyi_pickler_push(&v, m, CVYI_PICKLED_BOOL));
    v->truth = truth != 0;
    return CVY_OK;
}

static cvy_status push_int(cvyi_pickler *m, int64_t value)
{
    cvyi_pickled *v;

    CVYI_TRY(cvyi_pickler_push(&v, m, CVYI_PICKLED_INT));
    v->integer = value;
    return CVY_OK;
}

static cvy_status cut_short(const cvyi_pickler *m)
{
    return cvyi_pickler_broken(m, "cut short");
}

/* A length or a number of 1 to 8 bytes. */
static bool take_number(uint64_t *out, cvyi_pickler *m, int bytes)
{
    const uint8_t *const p = cvyi_take(&m->c, (uint64_t)bytes);

    if (p != NULL)
        *out = cvyi_le(p, bytes);
    return p != NULL;
}

/* Four bytes are signed, fewer are not. */
static cvy_status read_int(cvyi_pickler *m, int bytes)
{
    uint64_t number;

    if (!take_number(&number, m, bytes))
        return cut_short(m);
    return push_int(m,
                    bytes == 4 ? (int32_t)(uint32_t)number : (int64_t)number);
}

/* Two's complement of any length. */
static cvy_status read_long(cvyi_pickler *m, int bytes)
{
    uint64_t n, number = 0;
    const uint8_t *p;

    if (!take_number(&n, m, bytes) || (p = cvyi_take(&m->c, n)) == NULL)
        return cut_short(m);
    if (n > 8)
        return push_kind(m, CVYI_PICKLED_LONG);
    if (n > 0)
        number = cvyi_le(p, (int)n);
    if (n > 0 && n < 8 && (p[n - 1] & 0x80) != 0)
        number |= UINT64_MAX << 8 * n;
    return push_int(m, (int64_t)number);
}

static cvy_status read_float(cvyi_pickler *m, int arg)
{
    const uint8_t *const p = cvyi_take(&m->c, 8);
    cvyi_pickled *v;
    uint64_t bits = 0;

    (void)arg;
    if (p == NULL)
        return cut_short(m);
    CVYI_TRY(cvyi_pickler_push(&v, m, CVYI_PICKLED_FLOAT));
    for (int i = 0; i < 8; i++) /* the one number with its high byte first */
        bits = bits << 8 | p[i];
    memcpy(&v->real, &bits, sizeof bits);
    return CVY_OK;
}

/* "12", "-3L"; "00" and "01" are protocol 1's False and True. */
static cvy_status read_digits(cvyi_pickler *m, int long_too)
{
    size_t n = 0, i = 0;
    const char *const line = cvyi_pickler_line(&n, m);
    int64_t value = 0;

    if (line == NULL)
        return cut_short(m);
    if (!long_too && n == 2 && line[0] == '0' &&
        (line[1] == '0' || line[1] == '1'))
        return push_bool(m, line[1] == '1');
    if (long_too && n > 0 && line[n - 1] == 'L')
        n--;

    const bool minus = n > 0 && line[0] == '-';

    for (i = minus; i < n; i++) {
        const int digit = line[i] - '0';

        if (digit < 0 || digit > 9)
            return cvyi_pickler_broken(m, "a number that is none");
        if (!cvyi_mul64(&value, value, 10) ||
            !cvyi_add64(&value, value, minus ? -digit : digit))
            return cvyi_pickler_broken(m, "a number beyond 64 bits");
    }
    if (n <= (size_t)minus || n > DIGITS_MOST + 1)
        return cvyi_pickler_broken(m, "a number that is none");
    return push_int(m, value);
}

static cvy_status read_chars(cvyi_pickler *m, int bytes, cvyi_pickle_kind kind)
{
    uint64_t n;
    const uint8_t *p;

    if (!take_number(&n, m, bytes) || (p = cvyi_take(&m->c, n)) == NULL)
        return cut_short(m);

    cvyi_pickled *v;

    CVYI_TRY(cvyi_pickler_push(&v, m, kind));
    v->text = (const char *)p;
    v->n = (int)n; /* below BYTES_MOST */
    return CVY_OK;
}

static cvy_status read_text(cvyi_pickler *m, int bytes)
{
    return read_chars(m, bytes, CVYI_PICKLED_TEXT);
}

static cvy_status read_bytes(cvyi_pickler *m, int bytes)
{
    return read_chars(m, bytes, CVYI_PICKLED_BYTES);
}

/* ---- opcodes: containers ---- */

static cvy_status gather(cvyi_pickler *m, cvyi_pickle_kind kind,
                         cvyi_pickled *const *items, int n)
{
    const cvyi_pickled **const own =
        cvyi_arena_alloc(m->arena, (size_t)n, sizeof *own);

    if (own == NULL)
        return cvyi_no_memory(m->err);
    for (int i = 0; i < n; i++)
        own[i] = items[i];

    cvyi_pickled *v;

    CVYI_TRY(cvyi_pickler_push(&v, m, kind));
    v->plain = true;
    v->items = own;
    v->n = v->room = n;
    return CVY_OK;
}

static cvy_status gather_marked(cvyi_pickler *m, int kind)
{
    cvyi_pickled **items;
    int n = 0;

    CVYI_TRY(cvyi_pickler_marked(&items, &n, m));
    if (kind == CVYI_PICKLED_DICT && n % 2 != 0)
        return cvyi_pickler_broken(m, "a key without a value");
    return gather(m, (cvyi_pickle_kind)kind, items, n);
}

static cvy_status gather_tuple(cvyi_pickler *m, int n)
{
    cvyi_pickled *items[3];

    for (int i = n - 1; i >= 0; i--) {
        items[i] = cvyi_pickler_pop(m);
        if (items[i] == NULL)
            return cvyi_pickler_broken(m, "a tuple of too few values");
    }
    return gather(m, CVYI_PICKLED_TUPLE, items, n);
}

/* One value for a list, a key and a value for a dict. */
static cvy_status add_last(cvyi_pickler *m, int kind)
{
    const int n = kind == CVYI_PICKLED_DICT ? 2 : 1;
    cvyi_pickled *items[2] = { NULL, NULL };

    for (int i = n - 1; i >= 0; i--)
        items[i] = cvyi_pickler_pop(m);

    cvyi_pickled *const to = cvyi_pickler_top(m);

    if (to == NULL || items[0] == NULL || items[n - 1] == NULL ||
        (int)to->kind != kind)
        return cvyi_pickler_broken(m, "an item for what is no container");
    return cvyi_pickler_add(m, to, items, n);
}

static cvy_status add_marked(cvyi_pickler *m, int kind)
{
    cvyi_pickled **items;
    int n = 0;

    CVYI_TRY(cvyi_pickler_marked(&items, &n, m));

    cvyi_pickled *const to = cvyi_pickler_top(m);

    if (to == NULL || (int)to->kind != kind)
        return cvyi_pickler_broken(m, "items for what is no container");
    if (kind == CVYI_PICKLED_DICT && n % 2 != 0)
        return cvyi_pickler_broken(m, "a key without a value");
    return cvyi_pickler_add(m, to, items, n);
}

/* ---- opcodes: stack and memo ---- */

static cvy_status drop(cvyi_pickler *m, int arg)
{
    (void)arg;
    if (m->n_stack == 0)
        return cvyi_pickler_broken(m, "nothing on the stack");
    m->n_stack--;
    return CVY_OK;
}

static cvy_status drop_marked(cvyi_pickler *m, int arg)
{
    cvyi_pickled **items;
    int n;

    (void)arg;
    return cvyi_pickler_marked(&items, &n, m);
}

static cvy_status repeat(cvyi_pickler *m, int arg)
{
    cvyi_pickled *const v = cvyi_pickler_top(m);

    (void)arg;
    return v != NULL ? cvyi_pickler_put(m, v)
                     : cvyi_pickler_broken(m, "nothing on the stack");
}

/* Numbers grow by one each time, so none is above the bytes read so far. */
static cvy_status remember(cvyi_pickler *m, uint64_t number)
{
    cvyi_pickled *const v = cvyi_pickler_top(m);

    if (v == NULL)
        return cvyi_pickler_broken(m, "nothing on the stack to remember");
    if (number > m->at)
        return cvyi_pickler_broken(m, "a memo number out of all order");
    if (number >= m->memo_room) {
        const size_t room = 2 * (size_t)number + 64;
        cvyi_pickled **const moved =
            cvyi_realloc(m->memo, room, sizeof(cvyi_pickled *));

        if (moved == NULL)
            return cvyi_no_memory(m->err);
        for (size_t i = m->memo_room; i < room; i++)
            moved[i] = NULL;
        m->memo = moved;
        m->memo_room = room;
    }
    m->n_memo += m->memo[number] == NULL;
    m->memo[number] = v;
    return CVY_OK;
}

static cvy_status put_memo(cvyi_pickler *m, int bytes)
{
    uint64_t number;

    return take_number(&number, m, bytes) ? remember(m, number) : cut_short(m);
}

static cvy_status memoize(cvyi_pickler *m, int arg)
{
    (void)arg;
    return remember(m, m->n_memo);
}

static cvy_status get_memo(cvyi_pickler *m, int bytes)
{
    uint64_t number;

    if (!take_number(&number, m, bytes))
        return cut_short(m);
    if (number >= m->memo_room || m->memo[number] == NULL)
        return cvyi_pickler_broken(m, "a memo number that was never put");
    return cvyi_pickler_put(m, m->memo[number]);
}

static cvy_status check_protocol(cvyi_pickler *m, int arg)
{
    const uint8_t *const p = cvyi_take(&m->c, 1);

    (void)arg;
    if (p == NULL)
        return cut_short(m);
    if (m->at != 0)
        return cvyi_pickler_broken(m, "a second beginning");
    return *p <= PROTOCOL_MOST
               ? CVY_OK
               : cvyi_fail_at(m->err, CVY_UNSUPPORTED, (int64_t)m->at,
                              "pickle protocol %d (0 to 5 are known)", *p);
}

/* A frame is advice for who reads from a stream. */
static cvy_status check_frame(cvyi_pickler *m, int arg)
{
    uint64_t n;

    (void)arg;
    return take_number(&n, m, 8) && n <= m->c.size - m->c.at ? CVY_OK
                                                             : cut_short(m);
}

/* ---- the table ---- */

enum { STOP = '.' };

/* Without a function: known, and not followed. */
static const struct {
    const char *name;
    cvy_status (*run)(cvyi_pickler *m, int arg);
    int arg;
} opcodes[256] = {
    /* clang-format off */
    ['('] = { "MARK", push_mark, 0 },
    ['0'] = { "POP", drop, 0 },
    ['1'] = { "POP_MARK", drop_marked, 0 },
    ['2'] = { "DUP", repeat, 0 },
    ['N'] = { "NONE", push_kind, CVYI_PICKLED_NONE },
    [0x88] = { "NEWTRUE", push_bool, 1 },
    [0x89] = { "NEWFALSE", push_bool, 0 },
    ['K'] = { "BININT1", read_int, 1 },
    ['M'] = { "BININT2", read_int, 2 },
    ['J'] = { "BININT", read_int, 4 },
    [0x8a] = { "LONG1", read_long, 1 },
    [0x8b] = { "LONG4", read_long, 4 },
    ['I'] = { "INT", read_digits, 0 },
    ['L'] = { "LONG", read_digits, 1 },
    ['G'] = { "BINFLOAT", read_float, 0 },
    ['U'] = { "SHORT_BINSTRING", read_text, 1 },
    ['T'] = { "BINSTRING", read_text, 4 },
    ['X'] = { "BINUNICODE", read_text, 4 },
    [0x8c] = { "SHORT_BINUNICODE", read_text, 1 },
    [0x8d] = { "BINUNICODE8", read_text, 8 },
    ['C'] = { "SHORT_BINBYTES", read_bytes, 1 },
    ['B'] = { "BINBYTES", read_bytes, 4 },
    [0x8e] = { "BINBYTES8", read_bytes, 8 },
    [0x96] = { "BYTEARRAY8", read_bytes, 8 },
    [')'] = { "EMPTY_TUPLE", push_kind, CVYI_PICKLED_TUPLE },
    [']'] = { "EMPTY_LIST", push_kind, CVYI_PICKLED_LIST },
    ['}'] = { "EMPTY_DICT", push_kind, CVYI_PICKLED_DICT },
    [0x8f] = { "EMPTY_SET", push_kind, CVYI_PICKLED_SET },
    ['t'] = { "TUPLE", gather_marked, CVYI_PICKLED_TUPLE },
    ['l'] = { "LIST", gather_marked, CVYI_PICKLED_LIST },
    ['d'] = { "DICT", gather_marked, CVYI_PICKLED_DICT },
    [0x91] = { "FROZENSET", gather_marked, CVYI_PICKLED_SET },
    [0x85] = { "TUPLE1", gather_tuple, 1 },
    [0x86] = { "TUPLE2", gather_tuple, 2 },
    [0x87] = { "TUPLE3", gather_tuple, 3 },
    ['a'] = { "APPEND", add_last, CVYI_PICKLED_LIST },
    ['e'] = { "APPENDS", add_marked, CVYI_PICKLED_LIST },
    ['s'] = { "SETITEM", add_last, CVYI_PICKLED_DICT },
    ['u'] = { "SETITEMS", add_marked, CVYI_PICKLED_DICT },
    [0x90] = { "ADDITEMS", add_marked, CVYI_PICKLED_SET },
    ['q'] = { "BINPUT", put_memo, 1 },
    ['r'] = { "LONG_BINPUT", put_memo, 4 },
    [0x94] = { "MEMOIZE", memoize, 0 },
    ['h'] = { "BINGET", get_memo, 1 },
    ['j'] = { "LONG_BINGET", get_memo, 4 },
    ['c'] = { "GLOBAL", cvyi_pickler_global, 0 },
    [0x93] = { "STACK_GLOBAL", cvyi_pickler_stack_global, 0 },
    ['i'] = { "INST", cvyi_pickler_instance, 0 },
    ['R'] = { "REDUCE", cvyi_pickler_reduce, 0 },
    [0x81] = { "NEWOBJ", cvyi_pickler_reduce, 0 },
    ['b'] = { "BUILD", cvyi_pickler_build, 0 },
    ['Q'] = { "BINPERSID", cvyi_pickler_ref, 0 },
    [0x80] = { "PROTO", check_protocol, 0 },
    [0x95] = { "FRAME", check_frame, 0 },
    ['o'] = { "OBJ", NULL, 0 },
    ['P'] = { "PERSID", NULL, 0 },
    ['S'] = { "STRING", NULL, 0 },
    ['V'] = { "UNICODE", NULL, 0 },
    ['F'] = { "FLOAT", NULL, 0 },
    ['p'] = { "PUT", NULL, 0 },
    ['g'] = { "GET", NULL, 0 },
    [0x82] = { "EXT1", NULL, 0 },
    [0x83] = { "EXT2", NULL, 0 },
    [0x84] = { "EXT4", NULL, 0 },
    [0x92] = { "NEWOBJ_EX", NULL, 0 },
    [0x97] = { "NEXT_BUFFER", NULL, 0 },
    [0x98] = { "READONLY_BUFFER", NULL, 0 },
    /* clang-format on */
};

/* The opcode at `at`, whose byte has been taken. */
static cvy_status follow(cvyi_pickler *m, uint8_t opcode)
{
    if (opcodes[opcode].name == NULL)
        return cvyi_pickler_broken(m, "a byte that is no opcode");
    if (opcodes[opcode].run == NULL)
        return cvyi_fail_at(m->err, CVY_UNSUPPORTED, (int64_t)m->at,
                            "pickle opcode %s, which weights do not need",
                            opcodes[opcode].name);
    return opcodes[opcode].run(m, opcodes[opcode].arg);
}

static cvy_status run(cvyi_pickle *out, cvyi_pickler *m)
{
    for (int step = 0; step < STEPS_MOST; step++) {
        m->at = m->c.at;

        const uint8_t *const opcode = cvyi_take(&m->c, 1);

        if (opcode == NULL)
            return cvyi_pickler_broken(m, "cut short: no STOP");
        if (*opcode != STOP) {
            CVYI_TRY(follow(m, *opcode));
            continue;
        }
        if (m->n_stack != 1 || m->stack[0] == NULL)
            return cvyi_pickler_broken(m, "not exactly one value at the end");
        out->root = m->stack[0];
        out->size = m->c.at;
        out->n_refs = m->n_refs;
        out->refs = m->refs;
        return CVY_OK;
    }
    return cvyi_fail_at(m->err, CVY_UNSUPPORTED, (int64_t)m->at,
                        "a pickle of more than %d steps", (int)STEPS_MOST);
}

cvy_status cvyi_pickle_read(cvyi_pickle *out, cvyi_arena *arena,
                            const void *bytes, size_t size,
                            const cvyi_pickle_names *names, cvy_error *err)
{
    cvyi_pickler m = {
        .c = { bytes, size, 0 }, .arena = arena, .names = names, .err = err
    };
    cvyi_pickle pickle = { 0 };

    if (m.c.size > BYTES_MOST)
        m.c.size = BYTES_MOST;

    const cvy_status status = run(&pickle, &m);

    cvyi_free(m.stack);
    cvyi_free(m.memo);
    if (status == CVY_OK)
        *out = pickle;
    return status;
}
