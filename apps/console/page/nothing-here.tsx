export function NothingHere() {
  return (
    <div class="empty-page">
      <h1>There is nothing at this address</h1>
      <p>
        <a href="/">Overview</a>
      </p>
    </div>
  );
}
