// SPDX-License-Identifier: Apache-2.0
/** Models as phases and collectors see them: roles, views, tokenizers, what can be scored and what can be trained. */
package org.sextant.api.model;
