#ifndef TUNDISH_CEDITLINE_SHIM_H
#define TUNDISH_CEDITLINE_SHIM_H

#include <histedit.h>

#endif
