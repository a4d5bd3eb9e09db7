/*
 * digest -- hash sums that others prescribe.
 */
#include <openssl/evp.h>

#include "base/digest.h"
#include "base/err.h"

static void digest(const EVP_MD *type, const void *data, size_t len, char *hex)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0;

	/* No memory, or a libcrypto that is set up without MD5. */
	if (!EVP_Digest(data, len, sum, &n, type, NULL))
		err_die(RC_FAILED, "libcrypto gives no hash sum");
	for (unsigned i = 0; i < n; i++) {
		*hex++ = digits[sum[i] >> 4];
		*hex++ = digits[sum[i] & 15];
	}
	*hex = '\0';
}

void digest_sha256(const void *data, size_t len, char hex[SHA256_HEX])
{
	digest(EVP_sha256(), data, len, hex);
}

void digest_md5(const void *data, size_t len, char hex[MD5_HEX])
{
	digest(EVP_md5(), data, len, hex);
}
