#ifndef TUNDISH_CZLIB_SHIM_H
#define TUNDISH_CZLIB_SHIM_H

#include <zlib.h>

/// `inflateInit2` is a macro, which Swift cannot call; 31 is a window of 32 KiB with a gzip header.
static inline int tundish_gzip_inflate_begin(z_stream *stream) { return inflateInit2(stream, 31); }

/// `deflateInit2` is a macro, which Swift cannot call.
static inline int tundish_gzip_deflate_begin(z_stream *stream) {
  return deflateInit2(stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY);
}

#endif
