#ifndef TUNDISH_MALLOC_POLICY_H
#define TUNDISH_MALLOC_POLICY_H

#if defined(__linux__)
#include <malloc.h>
#endif

/// Lets the allocator keep up to `kept` bytes of freed memory, and give blocks of `mapped` bytes and
/// more back at once; nothing happens where the allocator cannot be told.
static inline void tundish_keep_freed_memory(int mapped, int kept) {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, mapped);
  mallopt(M_TRIM_THRESHOLD, kept);
#else
  (void)mapped;
  (void)kept;
#endif
}

#endif
