/*
 * hadoop -- what Hadoop Streaming reads on a task's standard error.
 */
#include "base/hadoop.h"

#include <stdio.h>

void hadoop_count(const char *name, uint64_t n)
{
	if (n)
		dprintf(2, "reporter:counter:Penstock,%s,%llu\n", name,
			(unsigned long long)n);
}
