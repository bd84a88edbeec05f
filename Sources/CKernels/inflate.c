#include "ckernels.h"

#include <string.h>

/* Raw deflate streams (RFC 1951) of known size, from memory to memory. What is unusual, damaged or of
   another size is refused: the caller then asks zlib, which says what is wrong.

   Codes are looked up by their next bits: 11 for literals and lengths, 8 for distances. Longer codes have
   second tables behind the first. An entry holds the bits of its code, the number of extra bits behind it,
   what it is, and the literal, the base of the length or distance, or the place of the second table. */

enum { ROOT = 11, DISTANCE_ROOT = 8, LONGEST = 15 };
enum { LITERAL = 1 << 9, TABLE = 1 << 10, END = 1 << 11, INVALID = 1 << 12 };
enum { LITERAL_ENTRIES = (1 << ROOT) + 288 * (1 << (LONGEST - ROOT)) };
enum { DISTANCE_ENTRIES = (1 << DISTANCE_ROOT) + 32 * (1 << (LONGEST - DISTANCE_ROOT)) };

typedef struct {
  const uint8_t *in, *in_end;
  uint64_t bits;
  /* Bits of `bits` that count; above them stand zeros or the bits that follow in the input. */
  unsigned count;
  uint32_t literals[LITERAL_ENTRIES], distances[DISTANCE_ENTRIES];
} stream;

static const uint16_t length_base[29] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                         31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t length_extra[29] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                         2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static const uint16_t distance_base[30] = {1,   2,   3,   4,   5,   7,    9,    13,   17,   25,
                                           33,  49,  65,  97,  129, 193,  257,  385,  513,  769,
                                           1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
static const uint8_t distance_extra[30] = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                           6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

static uint32_t literal_entry(int symbol) {
  if (symbol < 256) return (uint32_t)symbol << 16 | LITERAL;
  if (symbol == 256) return END;
  if (symbol > 285) return INVALID;
  return (uint32_t)length_base[symbol - 257] << 16 | (uint32_t)length_extra[symbol - 257] << 5;
}

static uint32_t distance_entry(int symbol) {
  if (symbol > 29) return INVALID;
  return (uint32_t)distance_base[symbol] << 16 | (uint32_t)distance_extra[symbol] << 5;
}

static uint32_t number_entry(int symbol) { return (uint32_t)symbol << 16; }

/* Fills a table from the lengths of the codes; 0 unless they are a complete code. */
static int build(uint32_t *table, int room, int root, const uint8_t *lengths, int symbols,
                 uint32_t (*entry)(int)) {
  int counts[LONGEST + 1] = {0};
  for (int i = 0; i < symbols; i++) counts[lengths[i]]++;
  counts[0] = 0;
  uint32_t next[LONGEST + 2] = {0};
  long left = 1;
  int longest = 0;
  for (int n = 1; n <= LONGEST; n++) {
    left = 2 * left - counts[n];
    if (left < 0) return 0;
    if (counts[n]) longest = n;
    next[n + 1] = (next[n] + (uint32_t)counts[n]) << 1;
  }
  if (left != 0) return 0;
  const int second = longest > root ? longest - root : 0;
  int used = 1 << root;
  memset(table, 0, sizeof(uint32_t) << root);
  for (int i = 0; i < symbols; i++) {
    const int n = lengths[i];
    if (n == 0) continue;
    uint32_t code = next[n]++, reversed = 0;
    for (int b = 0; b < n; b++, code >>= 1) reversed = reversed << 1 | (code & 1);
    const uint32_t value = entry(i) | (uint32_t)n;
    if (n <= root) {
      for (uint32_t j = reversed; j < 1u << root; j += 1u << n) table[j] = value;
      continue;
    }
    uint32_t *link = table + (reversed & ((1u << root) - 1));
    if (!(*link & TABLE)) {
      if (used + (1 << second) > room) return 0;
      *link = (uint32_t)used << 16 | TABLE | (uint32_t)second << 5;
      used += 1 << second;
    }
    for (uint32_t j = reversed >> root; j < 1u << second; j += 1u << (n - root)) {
      table[(*link >> 16) + j] = value;
    }
  }
  return 1;
}

/* Takes bytes in until `n` bits count or the input ends. */
static void take(stream *s, unsigned n) {
  while (s->count < n && s->in < s->in_end) {
    s->bits |= (uint64_t)*s->in++ << s->count;
    s->count += 8;
  }
}

/* The next n bits, up to 16; −1 where the input ends before. */
static long read_bits(stream *s, unsigned n) {
  take(s, n);
  if (s->count < n) return -1;
  const long value = (long)(s->bits & ((1u << n) - 1));
  s->bits >>= n, s->count -= n;
  return value;
}

static uint32_t look(const uint32_t *table, int root, uint64_t bits) {
  uint32_t e = table[bits & ((1u << root) - 1)];
  if (e & TABLE) e = table[(e >> 16) + (bits >> root & ((1u << (e >> 5 & 15)) - 1))];
  return e;
}

/* The next symbol near the end of the input; INVALID where there is none. */
static uint32_t symbol(stream *s, const uint32_t *table, int root) {
  take(s, LONGEST);
  const uint32_t e = look(table, root, s->bits);
  if ((e & 31) == 0 || (e & 31) > s->count) return INVALID;
  s->bits >>= e & 31, s->count -= e & 31;
  return e;
}

static int dynamic_tables(stream *s) {
  static const uint8_t order[19] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  const long literals = read_bits(s, 5) + 257, distances = read_bits(s, 5) + 1;
  const long codes = read_bits(s, 4) + 4;
  if (literals < 257 || literals > 286 || distances < 1 || distances > 30 || codes < 4) return 0;
  uint8_t lengths[320] = {0};
  for (long i = 0; i < codes; i++) {
    const long n = read_bits(s, 3);
    if (n < 0) return 0;
    lengths[order[i]] = (uint8_t)n;
  }
  uint32_t *table = s->distances;
  if (!build(table, DISTANCE_ENTRIES, 7, lengths, 19, number_entry)) return 0;
  memset(lengths, 0, sizeof lengths);
  for (long i = 0; i < literals + distances;) {
    const uint32_t e = symbol(s, table, 7);
    if (e & INVALID) return 0;
    const int n = (int)(e >> 16);
    if (n < 16) {
      lengths[i++] = (uint8_t)n;
      continue;
    }
    if (n == 16 && i == 0) return 0;
    const uint8_t value = n == 16 ? lengths[i - 1] : 0;
    const long extra = read_bits(s, n == 16 ? 2 : n == 17 ? 3 : 7);
    if (extra < 0) return 0;
    const long times = extra + (n == 18 ? 11 : 3);
    if (i + times > literals + distances) return 0;
    memset(lengths + i, value, (size_t)times);
    i += times;
  }
  return lengths[256] != 0
    && build(s->literals, LITERAL_ENTRIES, ROOT, lengths, (int)literals, literal_entry)
    && build(s->distances, DISTANCE_ENTRIES, DISTANCE_ROOT, lengths + literals, (int)distances,
             distance_entry);
}

static int fixed_tables(stream *s) {
  uint8_t lengths[288];
  memset(lengths, 8, 144), memset(lengths + 144, 9, 112);
  memset(lengths + 256, 7, 24), memset(lengths + 280, 8, 8);
  uint8_t distances[32];
  memset(distances, 5, 32);
  return build(s->literals, LITERAL_ENTRIES, ROOT, lengths, 288, literal_entry)
    && build(s->distances, DISTANCE_ENTRIES, DISTANCE_ROOT, distances, 32, distance_entry);
}

/* Eight bytes at a time: up to seven behind the end of the copy are overwritten. */
static void copy_roughly(uint8_t *to, unsigned distance, unsigned length) {
  const uint8_t *from = to - distance;
  uint8_t *const end = to + length;
  if (distance >= 8) {
    memcpy(to, from, 8);
    for (to += 8, from += 8; to < end; to += 8, from += 8) memcpy(to, from, 8);
  } else if (distance == 1) {
    memset(to, *from, length);
  } else {
    while (to < end) *to++ = *from++;
  }
}

static inline uint64_t little_endian(const uint8_t *p) {
  uint64_t x;
  memcpy(&x, p, sizeof x);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  x = __builtin_bswap64(x);
#endif
  return x;
}

/* Fills the count up to at least 56 bits; the caller has eight bytes of input left. */
#define FILL()                                                                                 \
  do {                                                                                         \
    bits |= little_endian(in) << count;                                                        \
    in += (63 - count) >> 3;                                                                   \
    count |= 56;                                                                               \
  } while (0)
#define DROP(n) (bits >>= (n), count -= (n))

/* Symbols of a block while input and room last; the end is left to the caller. 0 for a damaged one,
   1 at the end of the block, 2 where it goes on. */
static int run(stream *s, const uint8_t *start, uint8_t **position, const uint8_t *out_end) {
  const uint8_t *in = s->in;
  uint64_t bits = s->bits;
  unsigned count = s->count;
  uint8_t *out = *position;
  int state = 2;
  while (s->in_end - in >= 16 && out_end - out >= 3 + 258 + 8) {
    FILL();
    uint32_t e = look(s->literals, ROOT, bits);
    if (e & LITERAL) {
      DROP(e & 31);
      *out++ = (uint8_t)(e >> 16);
      e = look(s->literals, ROOT, bits);
      if (e & LITERAL) {
        DROP(e & 31);
        *out++ = (uint8_t)(e >> 16);
        e = look(s->literals, ROOT, bits);
        if (e & LITERAL) {
          DROP(e & 31);
          *out++ = (uint8_t)(e >> 16);
          continue;
        }
      }
    }
    if (e & (END | INVALID)) {
      DROP(e & 31);
      state = e & END ? 1 : 0;
      break;
    }
    DROP(e & 31);
    const unsigned extra = e >> 5 & 15;
    const unsigned length = (e >> 16) + (unsigned)(bits & ((1u << extra) - 1));
    DROP(extra);
    /* A distance takes 28 bits at most. */
    if (count < 28) FILL();
    const uint32_t d = look(s->distances, DISTANCE_ROOT, bits);
    DROP(d & 31);
    const unsigned more = d >> 5 & 15;
    const unsigned distance = (d >> 16) + (unsigned)(bits & ((1u << more) - 1));
    DROP(more);
    if ((d & INVALID) || (long)distance > out - start) {
      state = 0;
      break;
    }
    copy_roughly(out, distance, length);
    out += length;
  }
  s->in = in, s->bits = bits, s->count = count;
  *position = out;
  return state;
}

/* The same with a look at every byte, for one symbol. */
static int step(stream *s, const uint8_t *start, uint8_t **position, const uint8_t *out_end) {
  uint8_t *out = *position;
  const uint32_t e = symbol(s, s->literals, ROOT);
  if (e & INVALID) return 0;
  if (e & END) return 1;
  if (e & LITERAL) {
    if (out == out_end) return 0;
    *out = (uint8_t)(e >> 16);
    *position = out + 1;
    return 2;
  }
  const long extra = read_bits(s, e >> 5 & 15);
  const uint32_t d = symbol(s, s->distances, DISTANCE_ROOT);
  if (extra < 0 || (d & INVALID)) return 0;
  const long more = read_bits(s, d >> 5 & 15);
  const long length = (long)(e >> 16) + extra, distance = (long)(d >> 16) + more;
  if (more < 0 || distance > out - start || length > out_end - out) return 0;
  for (long i = 0; i < length; i++) out[i] = out[i - distance];
  *position = out + length;
  return 2;
}

static int stored(stream *s, uint8_t **position, const uint8_t *out_end) {
  /* Whole bytes that were taken in go back. */
  s->in -= s->count >> 3;
  s->bits = 0, s->count = 0;
  if (s->in_end - s->in < 4) return 0;
  const unsigned n = s->in[0] | s->in[1] << 8, complement = s->in[2] | s->in[3] << 8;
  s->in += 4;
  if (n != (complement ^ 0xFFFF) || s->in_end - s->in < n || out_end - *position < n) return 0;
  memcpy(*position, s->in, n);
  s->in += n, *position += n;
  return 1;
}

int ck_inflate(const uint8_t *in, long in_count, uint8_t *out, long out_count, long *consumed) {
  stream s;
  s.in = in, s.in_end = in + in_count, s.bits = 0, s.count = 0;
  uint8_t *position = out;
  const uint8_t *const end = out + out_count;
  for (long last = 0; !last;) {
    last = read_bits(&s, 1);
    const long kind = read_bits(&s, 2);
    if (last < 0 || kind < 0 || kind == 3) return 0;
    if (kind == 0) {
      if (!stored(&s, &position, end)) return 0;
      continue;
    }
    if (!(kind == 1 ? fixed_tables(&s) : dynamic_tables(&s))) return 0;
    int state = 2;
    while (state == 2) {
      state = run(&s, out, &position, end);
      if (state == 2) state = step(&s, out, &position, end);
    }
    if (state == 0) return 0;
  }
  *consumed = s.in - in - (s.count >> 3);
  return position == end;
}
