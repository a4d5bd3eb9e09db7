/*
 * shared -- the bucket and the pause that processes have in common.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/err.h"
#include "base/mem.h"
#include "snowplow/shared.h"

enum { PAGE = 4096, NAME_HEX = 16 };

static const char magic[16] = "penstock host 1";

uint64_t shared_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Empty where the kernel does not say: then all boots are one. */
static void boot_id(char id[48])
{
	int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	ssize_t n;

	memset(id, 0, 48);
	if (fd < 0)
		return;
	n = read(fd, id, 47);
	if (n < 0)
		id[0] = '\0';
	close(fd);
}

static int open_file(const char *folder, const char *origin)
{
	char hex[SHA256_HEX];
	struct buf path = {0};
	int fd;

	digest_sha256(origin, strlen(origin), hex);
	buf_addf(&path, "%s/host-%.*s", folder, NAME_HEX, hex);
	fd = open(buf_cstr(&path), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		  0600);
	buf_release(&path);
	return fd;
}

/* Under the file's lock: the first to come after a boot clears the page. */
static struct shared *map(int fd)
{
	struct shared *s;
	char boot[48];
	int e;

	while (flock(fd, LOCK_EX))
		if (errno != EINTR)
			return NULL;
	e = posix_fallocate(fd, 0, PAGE);
	if (e) {
		errno = e;
		return NULL;
	}
	s = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (s == MAP_FAILED)
		return NULL;
	boot_id(boot);
	if (memcmp(s->magic, magic, sizeof(magic)) ||
	    memcmp(s->boot, boot, sizeof(boot))) {
		atomic_store(&s->bucket, 0);
		atomic_store(&s->pause_until, 0);
		memcpy(s->boot, boot, sizeof(boot));
		memcpy(s->magic, magic, sizeof(magic));
	}
	/*
	 * By hand: the mapping keeps the file, and with it the lock, when the
	 * descriptor is closed, and others would wait for the end of this run.
	 */
	if (flock(fd, LOCK_UN)) {
		munmap(s, PAGE);
		return NULL;
	}
	return s;
}

struct shared *shared_open(const char *folder, const char *origin,
			   bool *common)
{
	struct shared *s = NULL;
	int fd = -1;

	*common = false;
	if (!folder)
		return mem_zalloc(1, sizeof(*s));
	fd = open_file(folder, origin);
	if (fd >= 0)
		s = map(fd);
	if (!s)
		err_msg("%s: %s (rate and pauses are not shared with other "
			"processes)", folder, strerror(errno));
	if (fd >= 0)
		close(fd);
	*common = s != NULL;
	return s ? s : mem_zalloc(1, sizeof(*s));
}

void shared_close(struct shared *s, bool common)
{
	if (common)
		munmap(s, PAGE);
	else
		free(s);
}

void shared_pause(struct shared *s, uint64_t until)
{
	uint64_t now = atomic_load(&s->pause_until);

	while (until > now &&
	       !atomic_compare_exchange_weak(&s->pause_until, &now, until))
		;
}
