#include "salon/Visibility.h"

// A shared library like any other.
extern "C" SALON_API int answer();
int answer() {
    return 42;
}
