#include "ckernels.h"

/* Rows of plain numbers between one-byte delimiters: a sign, digits, a mark, digits, 16 bytes at most
   without the sign, so that one load takes a cell whole. The digits are moved to the right end with the
   mark taken out, and joined in pairs, fours and eights (the multiply-and-add instructions of SSSE3). */

#if defined(__x86_64__) && (defined(__clang__) || defined(__GNUC__))
#include <cpuid.h>
#include <immintrin.h>

__attribute__((target("ssse3,sse4.1")))
static void plain_rows(const ck_plain_table *t, ck_plain_place *place) {
  const uint8_t *p = place->cell, *const limit = t->limit;
  const uint8_t delimiter = t->delimiter, mark = t->mark;
  const long last = t->columns - 1, stride = t->stride;
  const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9);
  const __m128i places = _mm_setr_epi8(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const __m128i tens = _mm_set1_epi16(1 << 8 | 10);
  const __m128i hundreds = _mm_set1_epi32(1 << 16 | 100);
  const __m128i thousands = _mm_set1_epi32(1 << 16 | 10000);
  long row = place->row, column = 0, shortest = place->shortest;
  const uint8_t *row_start = p;
  uint64_t *slot = t->block + row;
  while (p < limit) {
    const int negative = *p == '-';
    const uint8_t *start = p + negative;
    const __m128i digits = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)start), zero);
    const __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digits, nine), digits);
    unsigned others = ~(unsigned)_mm_movemask_epi8(is_digit);
    /* Bit 16 and above are set, so both counts end at 16 and 17. */
    int whole = __builtin_ctz(others), length = whole, fraction = 0;
    int at = -32;
    if (whole == 0) break;
    if (start[whole] == mark) {
      at = whole;
      length = __builtin_ctz(others & (others - 1));
      fraction = length - whole - 1;
    }
    if (length > 16) break;
    const uint8_t *end = start + length;
    const uint8_t next = *end;
    /* Output byte i comes from i + length − 16, one before that left of the mark. */
    __m128i from = _mm_add_epi8(places, _mm_set1_epi8((char)(length - 16)));
    from = _mm_add_epi8(from, _mm_cmpgt_epi8(_mm_set1_epi8((char)(at + 1)), from));
    const __m128i right = _mm_shuffle_epi8(digits, from);
    const __m128i fours = _mm_madd_epi16(_mm_maddubs_epi16(right, tens), hundreds);
    const __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), thousands);
    const uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
    const uint64_t value = (both & 0xFFFFFFFF) * 100000000 + (both >> 32);
    if (column == last) {
      if (next != '\n' && (next != '\r' || end[1] != '\n')) break;
    } else if (next != delimiter) {
      break;
    }
    if (t->codes[column] == CK_INTEGER) {
      if (at >= 0) break;
      *slot = negative ? 0 - value : value;
    } else if (t->codes[column] == CK_REAL) {
      /* Both numbers are exact, so one operation rounds correctly (Clinger 1990). */
      const long q = t->exponents[column] - fraction;
      if (value >= 1000000000000000 || q < -22 || q > 22) break;
      const double exact = (double)(int64_t)value;
      const double x = q < 0 ? exact / t->powers[-q] : exact * t->powers[q];
      union { double x; uint64_t bits; } bits = { .x = x };
      *slot = bits.bits | (uint64_t)negative << 63;
    } else {
      break;
    }
    if (column < last) {
      column++;
      slot += stride;
      p = end + 1;
      continue;
    }
    const long size = end - p;
    if (size < shortest) shortest = size;
    place->last_end = end;
    p = end + (next == '\n' ? 1 : 2);
    row_start = p;
    row++;
    column = 0;
    slot = t->block + row;
    if (row == t->rows) break;
  }
  place->row = row;
  place->column = column;
  place->shortest = shortest;
  place->cell = p;
  place->row_start = row_start;
}

int ck_has_plain_rows(void) {
  unsigned a, b, c, d;
  return __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) && (c & bit_SSSE3);
}

void ck_plain_rows(const ck_plain_table *table, ck_plain_place *place) {
  plain_rows(table, place);
}
#else
int ck_has_plain_rows(void) { return 0; }

void ck_plain_rows(const ck_plain_table *table, ck_plain_place *place) {
  (void)table;
  place->row_start = place->cell;
  place->column = 0;
}
#endif
