// SPDX-License-Identifier: Apache-2.0
/** Word problems of grade-school mathematics, from files; start at {@link org.sextant.envs.gsm8k.Gsm8k}. */
package org.sextant.envs.gsm8k;
