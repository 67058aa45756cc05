#ifndef TUNDISH_CEXPAT_SHIM_H
#define TUNDISH_CEXPAT_SHIM_H

#include <expat.h>

#endif
