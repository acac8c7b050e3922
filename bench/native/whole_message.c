/* The usual limit: one whole web push message after another in C on libcrypto: fresh P-256 key pair, ECDH with the phone's key, HKDF, AES-128-GCM
   (RFC 8291). Prints messages a second. Not part of the product: bench/messaging.py compiles it where there is a compiler. */
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void must(int ok) { if (!ok) { fputs("openssl failed\n", stderr); exit(1); } }

static void mac(const unsigned char *key, int key_length, const unsigned char *text, size_t length, unsigned char *out) {
  unsigned int size = 32;
  must(HMAC(EVP_sha256(), key, key_length, text, length, out, &size) != NULL);
}

int main(int count, char **words) {
  int rounds = count > 1 ? atoi(words[1]) : 10000;
  unsigned char auth[16], text[201], salt[16], point[65], ua_point[65], secret[32], ikm[32], prk[32], prk2[32], key[32], nonce[32], info[160], body[512];
  EVP_PKEY *ua = EVP_EC_gen("P-256");
  must(ua != NULL);
  size_t length = 0;
  must(EVP_PKEY_get_octet_string_param(ua, OSSL_PKEY_PARAM_PUB_KEY, ua_point, sizeof ua_point, &length));
  RAND_bytes(auth, sizeof auth);
  memset(text, 'x', sizeof text);
  text[200] = 2;
  EVP_CIPHER_CTX *cipher = EVP_CIPHER_CTX_new();
  struct timespec from, to;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &from);
  for (int n = 0; n < rounds; n++) {
    EVP_PKEY *own = EVP_EC_gen("P-256");
    must(own != NULL);
    must(EVP_PKEY_get_octet_string_param(own, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point, &length));
    EVP_PKEY_CTX *exchange = EVP_PKEY_CTX_new(own, NULL);
    must(EVP_PKEY_derive_init(exchange) > 0);
    must(EVP_PKEY_derive_set_peer_ex(exchange, ua, 0) > 0);
    size_t shared = sizeof secret;
    must(EVP_PKEY_derive(exchange, secret, &shared) > 0);
    mac(auth, 16, secret, 32, prk);
    memcpy(info, "WebPush: info\0", 14);
    memcpy(info + 14, ua_point, 65);
    memcpy(info + 79, point, 65);
    info[144] = 1;
    mac(prk, 32, info, 145, ikm);
    RAND_bytes(salt, sizeof salt);
    mac(salt, 16, ikm, 32, prk2);
    mac(prk2, 32, (const unsigned char *)"Content-Encoding: aes128gcm\0\1", 29, key);
    mac(prk2, 32, (const unsigned char *)"Content-Encoding: nonce\0\1", 25, nonce);
    int part = 0, last = 0;
    must(EVP_EncryptInit_ex(cipher, EVP_aes_128_gcm(), NULL, key, nonce));
    must(EVP_EncryptUpdate(cipher, body + 86, &part, text, sizeof text));
    must(EVP_EncryptFinal_ex(cipher, body + 86 + part, &last));
    must(EVP_CIPHER_CTX_ctrl(cipher, EVP_CTRL_GCM_GET_TAG, 16, body + 86 + part));
    EVP_PKEY_CTX_free(exchange);
    EVP_PKEY_free(own);
  }
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &to);
  double seconds = (to.tv_sec - from.tv_sec) + (to.tv_nsec - from.tv_nsec) / 1e9;
  printf("%.0f\n", rounds / seconds);
  return 0;
}
