/*
 * seal -- a secret as it may lie in a file.
 *
 * Sealed is: nonce, text encrypted, tag.
 */
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/secret.h"
#include "snowplow/seal.h"

enum { KEY = 32, NONCE = 12, TAG = 16 };

/* What keeps this key apart from other uses of the secret. */
static const char purpose[] = "penstock seal 1\n";

static int make_key(const struct buf *secret, unsigned char key[KEY])
{
	struct buf b = {0};
	unsigned n = 0;
	int ok;

	buf_adds(&b, purpose);
	buf_add(&b, secret->s, secret->len);
	ok = EVP_Digest(b.s, b.len, key, &n, EVP_sha256(), NULL) && n == KEY;
	secret_release(&b);
	return ok ? 0 : -1;
}

static int encrypt(EVP_CIPHER_CTX *c, const unsigned char *key,
		   unsigned char *to, const void *text, size_t len)
{
	int n, rest;

	if (len > INT_MAX || RAND_bytes(to, NONCE) != 1 ||
	    !EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, to) ||
	    !EVP_EncryptUpdate(c, to + NONCE, &n, text, (int)len) ||
	    !EVP_EncryptFinal_ex(c, to + NONCE + n, &rest) ||
	    !EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG,
				 to + NONCE + len))
		return -1;
	return 0;
}

static int decrypt(EVP_CIPHER_CTX *c, const unsigned char *key,
		   unsigned char *to, const unsigned char *sealed, size_t len)
{
	unsigned char tag[TAG];
	int n, rest;

	memcpy(tag, sealed + NONCE + len, TAG);
	if (len > INT_MAX ||
	    !EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key, sealed) ||
	    !EVP_DecryptUpdate(c, to, &n, sealed + NONCE, (int)len) ||
	    !EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG, tag) ||
	    !EVP_DecryptFinal_ex(c, to + n, &rest))
		return -1;
	return 0;
}

int seal(struct buf *out, const struct buf *secret, const void *text,
	 size_t len)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	unsigned char key[KEY];
	void *to = buf_reserve(out, NONCE + len + TAG);
	int rc = -1;

	if (c && !make_key(secret, key))
		rc = encrypt(c, key, to, text, len);
	if (!rc)
		out->len += NONCE + len + TAG;
	explicit_bzero(key, sizeof(key));
	EVP_CIPHER_CTX_free(c);
	return rc;
}

int unseal(struct buf *out, const struct buf *secret, const void *sealed,
	   size_t len)
{
	EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
	unsigned char key[KEY];
	size_t text = len - NONCE - TAG;
	int rc = -1;

	if (c && len >= NONCE + TAG && !make_key(secret, key)) {
		rc = decrypt(c, key, (void *)buf_reserve(out, text + 1),
			     sealed, text);
		if (!rc)
			out->len += text;
	}
	explicit_bzero(key, sizeof(key));
	EVP_CIPHER_CTX_free(c);
	return rc;
}
