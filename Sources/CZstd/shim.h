#ifndef TUNDISH_CZSTD_SHIM_H
#define TUNDISH_CZSTD_SHIM_H

#include <zstd.h>

#endif
