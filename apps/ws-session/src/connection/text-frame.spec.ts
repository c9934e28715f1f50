import fc from 'fast-check';
import { WebSocket } from 'ws';
import { textFrame } from './text-frame.ts';

interface Framing {
  readonly fin: boolean;
  readonly opcode: number;
  readonly mask: boolean;
  readonly readOnly: boolean;
  readonly rsv1: boolean;
}
const { frame } = Reflect.get(WebSocket, 'Sender') as { frame(data: Buffer, how: Framing): Buffer[] };

const asTheLibraryDoes = (text: string): Buffer =>
  Buffer.concat(frame(Buffer.from(text), { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false }));

it('a text is framed as the library frames it, of whatever length', () => {
  const edges = fc.constantFrom(0, 1, 124, 125, 126, 127, 65_534, 65_535, 65_536, 70_000).map((n) => 'x'.repeat(n));
  fc.assert(
    fc.property(fc.oneof(edges, fc.string({ unit: 'grapheme', maxLength: 300 })), (text) => {
      expect(textFrame(text).equals(asTheLibraryDoes(text))).toBe(true);
    }),
  );
});
