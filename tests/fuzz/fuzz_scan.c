/*
 * Fuzz target for the scanner: any bytes as lines of records; see
 * tests/unit/agree.h for what is promised.  What json_check() promises beside
 * an independent parser is fuzz_check.c's.
 */
#include <stdint.h>
#include <stdlib.h>

#include "../unit/agree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!agree(data, size))
		abort();
	return 0;
}
