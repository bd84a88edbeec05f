#include "ckernels.h"

/* Rows of plain numbers between one-byte delimiters: a sign, digits, a mark, digits, 16 bytes at most
   without the sign, so that one load takes a cell whole. The digits are moved to the right end with the
   mark taken out, and joined in pairs, fours and eights (the multiply-and-add instructions of SSSE3). */

#if defined(__x86_64__) && (defined(__clang__) || defined(__GNUC__))
#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>

/* One bit for each of 64 bytes that is `a` or `b`. */
__attribute__((target("ssse3,sse4.1"), always_inline))
static inline uint64_t ends_of_cells(const uint8_t *p, __m128i a, __m128i b) {
  uint64_t bits = 0;
  for (int i = 0; i < 4; i++) {
    const __m128i bytes = _mm_loadu_si128((const __m128i *)(p + 16 * i));
    const __m128i hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, a), _mm_cmpeq_epi8(bytes, b));
    bits |= (uint64_t)(unsigned)_mm_movemask_epi8(hits) << 16 * i;
  }
  return bits;
}

/* A cell of at least one byte as the column wants it; 0 where it is not plain. */
__attribute__((target("ssse3,sse4.1"), always_inline))
static inline int plain_cell(const ck_plain_table *t, long column, const uint8_t *cell,
                             const uint8_t *end, uint64_t *slot) {
  const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9);
  const __m128i places = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m128i tens = _mm_set1_epi16(1 << 8 | 10);
  const __m128i hundreds = _mm_set1_epi32(1 << 16 | 100);
  const __m128i thousands = _mm_set1_epi32(1 << 16 | 10000);
  const int negative = *cell == '-';
  const uint8_t *const start = cell + negative;
  const long length = end - start;
  if (length < 1 || length > 16) return 0;
  const __m128i digits = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)start), zero);
  const __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digits, nine), digits);
  const unsigned others = ~(unsigned)_mm_movemask_epi8(is_digit) & ((1u << length) - 1);
  long at = -32, fraction = 0;
  if (others != 0) {
    at = __builtin_ctz(others);
    fraction = length - at - 1;
    if ((others & (others - 1)) != 0 || at == 0 || start[at] != t->mark || length < 2) return 0;
  }
  /* Output byte i comes from i + length − 16, one before that left of the mark. */
  __m128i from = _mm_add_epi8(places, _mm_set1_epi8((char)(length - 16)));
  from = _mm_add_epi8(from, _mm_cmpgt_epi8(_mm_set1_epi8((char)(at + 1)), from));
  const __m128i right = _mm_shuffle_epi8(digits, from);
  const __m128i fours = _mm_madd_epi16(_mm_maddubs_epi16(right, tens), hundreds);
  const __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), thousands);
  const uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
  const uint64_t value = (both & 0xFFFFFFFF) * 100000000 + (both >> 32);
  if (t->codes[column] == CK_REAL) {
    /* Both numbers are exact, so one operation rounds correctly (Clinger 1990). */
    const long q = t->exponents[column] - fraction;
    if (value >= 1000000000000000 || q < -22 || q > 22) return 0;
    const double exact = (double)(int64_t)value;
    union { double x; uint64_t bits; } number;
    number.x = q < 0 ? exact / t->powers[-q] : exact * t->powers[q];
    *slot = number.bits | (uint64_t)negative << 63;
    return 1;
  }
  if (t->codes[column] != CK_INTEGER || others != 0) return 0;
  *slot = negative ? 0 - value : value;
  return 1;
}

/* Cells apart by one blank or tab or more, which may also stand before the first and behind the last one.
   A row with anything else is left to the caller as a whole. */
__attribute__((target("ssse3,sse4.1")))
static void blank_rows(const ck_plain_table *t, ck_plain_place *place) {
  const uint8_t *cell = place->cell, *row_start = cell, *const limit = t->limit;
  const long columns = t->columns, stride = t->stride;
  const __m128i blank = _mm_set1_epi8(' '), tab = _mm_set1_epi8('\t'), feed = _mm_set1_epi8('\n');
  long row = place->row, column = 0, shortest = place->shortest;
  uint64_t *slot = t->block + row;
  for (const uint8_t *base = cell; limit - base >= 64; base += 64) {
    uint64_t ends = ends_of_cells(base, blank, feed) | ends_of_cells(base, tab, tab);
    for (; ends != 0; ends &= ends - 1) {
      const uint8_t *const stop = base + __builtin_ctzll(ends);
      const int ends_row = *stop == '\n';
      const uint8_t *const end = stop - (ends_row && stop > cell && stop[-1] == '\r');
      const long size = end - cell;
      if (size > 0) {
        if (column == columns || !plain_cell(t, column, cell, end, slot)) goto done;
        column++;
        slot += stride;
      }
      cell = stop + 1;
      if (!ends_row) continue;
      if (column != columns || stop - row_start > t->longest) goto done;
      /* Behind blanks a cell was whole, however short. */
      if (size < shortest) shortest = size;
      place->last_end = end;
      row_start = cell;
      row++;
      column = 0;
      slot = t->block + row;
      if (row == t->rows) goto done;
    }
  }
done:
  place->row = row;
  place->column = 0;
  place->shortest = shortest;
  place->cell = row_start;
  place->row_start = row_start;
}

/* The ends of cells are found for 64 bytes at once, so that a cell does not wait for the one before. */
__attribute__((target("ssse3,sse4.1")))
static void plain_rows(const ck_plain_table *t, ck_plain_place *place) {
  const uint8_t *cell = place->cell, *row_start = cell, *const limit = t->limit;
  const long last = t->columns - 1, stride = t->stride;
  const __m128i delimiter = _mm_set1_epi8((char)t->delimiter), feed = _mm_set1_epi8('\n');
  long row = place->row, column = 0, shortest = place->shortest;
  uint64_t *slot = t->block + row;
  for (const uint8_t *base = cell; limit - base >= 64; base += 64) {
    uint64_t ends = ends_of_cells(base, delimiter, feed);
    for (; ends != 0; ends &= ends - 1) {
      const uint8_t *const stop = base + __builtin_ctzll(ends);
      const uint8_t *end = stop;
      if (column == last) {
        if (*stop != '\n') goto done;
        end -= end > cell && end[-1] == '\r';
      } else if (*stop == '\n') {
        goto done;
      }
      if (!plain_cell(t, column, cell, end, slot)) goto done;
      if (column < last) {
        column++;
        slot += stride;
        cell = stop + 1;
        continue;
      }
      const long size = end - cell;
      if (size < shortest) shortest = size;
      place->last_end = end;
      cell = stop + 1;
      row_start = cell;
      row++;
      column = 0;
      slot = t->block + row;
      if (row == t->rows) goto done;
    }
  }
done:
  place->row = row;
  place->column = column;
  place->shortest = shortest;
  place->cell = cell;
  place->row_start = row_start;
}

int ck_has_plain_rows(void) {
  /* Asked once: on a virtual machine the question costs more than reading a short table. */
  static atomic_int known = -1;
  int answer = atomic_load_explicit(&known, memory_order_relaxed);
  if (answer < 0) {
    unsigned a, b, c, d;
    answer = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) && (c & bit_SSSE3);
    atomic_store_explicit(&known, answer, memory_order_relaxed);
  }
  return answer;
}

void ck_plain_rows(const ck_plain_table *table, ck_plain_place *place) {
  if (table->delimiter == ' ') {
    blank_rows(table, place);
  } else {
    plain_rows(table, place);
  }
}
#else
int ck_has_plain_rows(void) { return 0; }

void ck_plain_rows(const ck_plain_table *table, ck_plain_place *place) {
  (void)table;
  place->row_start = place->cell;
  place->column = 0;
}
#endif
