// SPDX-License-Identifier: Apache-2.0
/** The stages of a run, each of which starts from the model that the one before it left: a plugin point of its own. */
package org.sextant.api.phase;
