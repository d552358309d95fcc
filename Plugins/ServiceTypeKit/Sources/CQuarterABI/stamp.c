#include "quarter_abi.h"
