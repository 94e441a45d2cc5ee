// SPDX-License-Identifier: Apache-2.0
/** Judging answers: a reward scores, abstains or fails, and the three are never mixed up. */
package org.sextant.api.reward;
