#ifndef TUNDISH_BYTE_MASKS_H
#define TUNDISH_BYTE_MASKS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <immintrin.h>
#endif

/// The structure of 64 bytes: bit `i` stands for byte `i`.
struct tundish_byte_masks {
  uint64_t first;
  uint64_t second;
  uint64_t third;
  /// The bytes at or above 0x80.
  uint64_t high;
};

/// Finds three bytes of interest in 64 bytes, all of which must be readable.
///
/// Swift has no movemask: the best of its forms gives 1.8 GB/s for three masks where this gives 6.3.
static inline struct tundish_byte_masks tundish_find_bytes(const uint8_t *bytes, uint8_t first,
                                                           uint8_t second, uint8_t third) {
  struct tundish_byte_masks masks = {0, 0, 0, 0};
#if defined(__SSE2__)
  const __m128i a = _mm_set1_epi8((char)first);
  const __m128i b = _mm_set1_epi8((char)second);
  const __m128i c = _mm_set1_epi8((char)third);
  for (int i = 0; i < 4; i++) {
    const __m128i part = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i));
    masks.first |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(part, a)) << (16 * i);
    masks.second |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(part, b)) << (16 * i);
    masks.third |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(part, c)) << (16 * i);
    masks.high |= (uint64_t)(uint32_t)_mm_movemask_epi8(part) << (16 * i);
  }
#else
  for (int i = 0; i < 64; i++) {
    masks.first |= (uint64_t)(bytes[i] == first) << i;
    masks.second |= (uint64_t)(bytes[i] == second) << i;
    masks.third |= (uint64_t)(bytes[i] == third) << i;
    masks.high |= (uint64_t)(bytes[i] >> 7) << i;
  }
#endif
  return masks;
}

/// What stands in some blocks of 64 bytes.
struct tundish_ends {
  size_t block_count;
  size_t end_count;
  /// How many of the ends are the second byte.
  size_t second_count;
  /// The ends of the last block: bit `i` stands for byte `i`.
  uint64_t last;
  /// Not zero where there are bytes at or above 0x80.
  uint64_t high;
};

// Whether `tundish_write_ends` can be called. A function for newer processors cannot become part of
// its caller, so it takes many blocks at once.

static inline int tundish_has_wide_blocks(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("popcnt");
#else
  return 0;
#endif
}

/// Writes down where the first and second byte stand in at most `block_count` blocks, up to a block
/// that has the third byte, if `stops` is not zero, or until there are `wanted` ends or more.
///
/// `offset` is the number of the first byte. Behind `ends + wanted`, 72 more must be writable.
#if defined(__x86_64__)
__attribute__((target("avx2,bmi,popcnt"), noinline, unused))
#endif
static struct tundish_ends tundish_write_ends(const uint8_t *bytes, size_t block_count,
                                              uint8_t first, uint8_t second, uint8_t third,
                                              uint64_t stops, uint32_t offset, uint32_t *ends,
                                              size_t wanted) {
  struct tundish_ends found = {0, 0, 0, 0, 0};
#if defined(__x86_64__)
  const __m256i a = _mm256_set1_epi8((char)first);
  const __m256i b = _mm256_set1_epi8((char)second);
  const __m256i c = _mm256_set1_epi8((char)third);
  size_t block = 0;
  while (block < block_count && found.end_count < wanted) {
    const __m256i low = _mm256_loadu_si256((const __m256i *)(const void *)bytes);
    const __m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32));
    const __m256i both = _mm256_or_si256(_mm256_cmpeq_epi8(low, c), _mm256_cmpeq_epi8(high, c));
    if (stops != 0 && _mm256_movemask_epi8(both) != 0) break;
    const __m256i low_second = _mm256_cmpeq_epi8(low, b);
    const __m256i high_second = _mm256_cmpeq_epi8(high, b);
    const __m256i low_any = _mm256_or_si256(_mm256_cmpeq_epi8(low, a), low_second);
    const __m256i high_any = _mm256_or_si256(_mm256_cmpeq_epi8(high, a), high_second);
    const uint64_t seconds = (uint64_t)(uint32_t)_mm256_movemask_epi8(high_second) << 32 |
                             (uint32_t)_mm256_movemask_epi8(low_second);
    uint64_t rest = (uint64_t)(uint32_t)_mm256_movemask_epi8(high_any) << 32 |
                    (uint32_t)_mm256_movemask_epi8(low_any);
    found.high |= (uint32_t)_mm256_movemask_epi8(_mm256_or_si256(low, high));
    found.second_count += (size_t)__builtin_popcountll(seconds);
    found.last = rest;
    const size_t count = (size_t)__builtin_popcountll(rest);
    // Twelve at a time, as most blocks have no more.
    uint32_t *next = ends + found.end_count;
    for (size_t written = 0;;) {
      for (int i = 0; i < 12; i++) {
        next[i] = offset + (uint32_t)_tzcnt_u64(rest);
        rest &= rest - 1;
      }
      written += 12;
      if (written >= count) break;
      next += 12;
    }
    found.end_count += count;
    bytes += 64;
    offset += 64;
    block++;
  }
  found.block_count = block;
#endif
  return found;
}

/// Finds the places among 16 at which a byte string can begin, by its first and last byte; bit `i`
/// stands for place `i`. `bytes + 16` and `bytes + distance + 16` must not lie past the end.
static inline uint32_t tundish_find_ends(const uint8_t *bytes, size_t distance, uint8_t first,
                                         uint8_t last) {
#if defined(__SSE2__)
  const __m128i heads = _mm_loadu_si128((const __m128i *)(const void *)bytes);
  const __m128i tails = _mm_loadu_si128((const __m128i *)(const void *)(bytes + distance));
  const __m128i both = _mm_and_si128(_mm_cmpeq_epi8(heads, _mm_set1_epi8((char)first)),
                                     _mm_cmpeq_epi8(tails, _mm_set1_epi8((char)last)));
  return (uint32_t)_mm_movemask_epi8(both);
#else
  uint32_t mask = 0;
  for (int i = 0; i < 16; i++) {
    mask |= (uint32_t)(bytes[i] == first && bytes[i + distance] == last) << i;
  }
  return mask;
#endif
}

// Which of 64 values lie at most `width` above `low`, wrapping around: bit `i` stands for value `i`.
// All 64 values must be readable.

static inline uint64_t tundish_within_8(const uint8_t *values, uint8_t low, uint8_t width) {
  uint64_t mask = 0;
#if defined(__SSE2__)
  const __m128i base = _mm_set1_epi8((char)low);
  const __m128i most = _mm_set1_epi8((char)width);
  for (int i = 0; i < 4; i++) {
    const __m128i part = _mm_loadu_si128((const __m128i *)(const void *)(values + 16 * i));
    const __m128i above = _mm_sub_epi8(part, base);
    const __m128i is_within = _mm_cmpeq_epi8(_mm_min_epu8(above, most), above);
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(is_within) << (16 * i);
  }
#else
  for (int i = 0; i < 64; i++) {
    mask |= (uint64_t)((uint8_t)(values[i] - low) <= width) << i;
  }
#endif
  return mask;
}

static inline uint64_t tundish_within_16(const uint16_t *values, uint16_t low, uint16_t width) {
  uint64_t mask = 0;
#if defined(__SSE2__)
  const __m128i base = _mm_set1_epi16((short)low);
  const __m128i most = _mm_set1_epi16((short)width);
  const __m128i zero = _mm_setzero_si128();
  for (int i = 0; i < 4; i++) {
    const __m128i *parts = (const __m128i *)(const void *)(values + 16 * i);
    const __m128i first = _mm_sub_epi16(_mm_loadu_si128(parts), base);
    const __m128i second = _mm_sub_epi16(_mm_loadu_si128(parts + 1), base);
    // Nothing is left above `width`.
    const __m128i is_within = _mm_packs_epi16(_mm_cmpeq_epi16(_mm_subs_epu16(first, most), zero),
                                              _mm_cmpeq_epi16(_mm_subs_epu16(second, most), zero));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(is_within) << (16 * i);
  }
#else
  for (int i = 0; i < 64; i++) {
    mask |= (uint64_t)((uint16_t)(values[i] - low) <= width) << i;
  }
#endif
  return mask;
}

static inline uint64_t tundish_within_32(const uint32_t *values, uint32_t low, uint32_t width) {
  uint64_t mask = 0;
#if defined(__SSE2__)
  // There is no comparison without sign: both sides are moved to where it does not matter.
  const __m128i flip = _mm_set1_epi32((int)0x80000000u);
  const __m128i base = _mm_set1_epi32((int)low);
  const __m128i most = _mm_set1_epi32((int)(width ^ 0x80000000u));
  for (int i = 0; i < 4; i++) {
    const __m128i *parts = (const __m128i *)(const void *)(values + 16 * i);
    __m128i is_beyond[4];
    for (int j = 0; j < 4; j++) {
      const __m128i above = _mm_sub_epi32(_mm_loadu_si128(parts + j), base);
      is_beyond[j] = _mm_cmpgt_epi32(_mm_xor_si128(above, flip), most);
    }
    const __m128i bytes = _mm_packs_epi16(_mm_packs_epi32(is_beyond[0], is_beyond[1]),
                                          _mm_packs_epi32(is_beyond[2], is_beyond[3]));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(bytes) << (16 * i);
  }
  return ~mask;
#else
  for (int i = 0; i < 64; i++) {
    mask |= (uint64_t)((uint32_t)(values[i] - low) <= width) << i;
  }
  return mask;
#endif
}

static inline uint64_t tundish_within_64(const int64_t *values, int64_t low, uint64_t width) {
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) {
    mask |= (uint64_t)((uint64_t)values[i] - (uint64_t)low <= width) << i;
  }
  return mask;
}


// Whether `tundish_write_places` can be called; it takes many words at once for the same reason.
static inline int tundish_has_bit_gathering(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
         __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt");
#else
  return 0;
#endif
}

/// Writes down which bits are set, ascending: bit `i` of word `w` is place `64 * w + i`.
///
/// Returns their number. Behind the last place, 8 more must be writable.
#if defined(__x86_64__)
__attribute__((target("avx2,bmi,bmi2,popcnt"), noinline, unused))
#endif
static size_t tundish_write_places(const uint64_t *words, size_t word_count, int32_t *places) {
  size_t count = 0;
#if defined(__x86_64__)
  for (size_t index = 0; index < word_count; index++) {
    uint64_t word = words[index];
    const int32_t start = (int32_t)(index * 64);
    if (__builtin_popcountll(word) < 12) {
      while (word != 0) {
        places[count++] = start + (int32_t)_tzcnt_u64(word);
        word &= word - 1;
      }
      continue;
    }
    // The numbers of the bits that are set in eight, side by side.
    for (int part = 0; part < 8; part++, word >>= 8) {
      const uint64_t chosen = _pdep_u64(word & 0xFF, 0x0101010101010101) * 0xFF;
      const uint64_t numbers = _pext_u64(0x0706050403020100, chosen);
      const __m256i lanes = _mm256_cvtepu8_epi32(_mm_cvtsi64_si128((long long)numbers));
      const __m256i base = _mm256_set1_epi32(start + part * 8);
      _mm256_storeu_si256((__m256i *)(void *)(places + count), _mm256_add_epi32(lanes, base));
      count += (size_t)__builtin_popcountll(word & 0xFF);
    }
  }
#endif
  return count;
}

#endif
