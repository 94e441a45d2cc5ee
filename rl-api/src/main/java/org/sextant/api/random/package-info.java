// SPDX-License-Identifier: Apache-2.0
/**
 * Random numbers that depend on nothing but the seed and what they are for; start at
 * {@link org.sextant.api.random.Streams}.
 */
package org.sextant.api.random;
