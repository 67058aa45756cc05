#ifndef TUNDISH_CZIP_SHIM_H
#define TUNDISH_CZIP_SHIM_H

#include <zip.h>

#endif
