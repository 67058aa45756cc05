#ifndef TUNDISH_CBZIP2_SHIM_H
#define TUNDISH_CBZIP2_SHIM_H

#include <bzlib.h>

#endif
