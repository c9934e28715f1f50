import type { FieldName } from '@core/tradingview/decode/form';
import type { UserText } from '@core/tradingview/texts/user-text';
import { applyDecorators } from '@nestjs/common';
import { IsIn, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

// The text fields that forms and queries are made of. Numbers stay text here: what a number may be is for the decoder.

const NUMBER_MAX = 64;

/** What is wrong with a field travels as the context of its constraint, for the validator knows one language. */
const told = (key: Extract<UserText['key'], `form.${string}`>, values: UserText['values']) => ({
  context: { key, values } satisfies UserText,
});

/** Postgres has no text with a NUL in it, so nothing of ours is called by one. */
const Storable = (field: FieldName) => Matches(/^[^\0]*$/, told('form.plain', { field }));

/** A field that must be there. */
export const TextField = (field: FieldName, max: number) =>
  applyDecorators(
    IsString(told('form.once', { field })),
    Length(1, max, told('form.length', { field, max })),
    Storable(field),
  );

/** A field that may be missing. */
export const OptionalText = (field: FieldName, max: number) =>
  applyDecorators(
    IsOptional(),
    IsString(told('form.once', { field })),
    MaxLength(max, told('form.tooLong', { field })),
    Storable(field),
  );

export const NumberText = (field: FieldName) => TextField(field, NUMBER_MAX);
export const OptionalNumberText = (field: FieldName) => OptionalText(field, NUMBER_MAX);

export const OneOf = (field: FieldName, ...values: readonly string[]) =>
  IsIn([...values], told('form.oneOf', { field, values: values.join(', ') }));
